package handlers

import (
	"slices"

	"frontdesk/internal/staff"
)

// contentRoutes are the wordings: message texts, WhatsApp templates, questions and answers.
func (s *Server) contentRoutes() []Route {
	read, act := can(staff.Content, staff.ToRead), can(staff.Content, staff.ToAct)
	return slices.Concat(s.textRoutes(read, act), s.templateRoutes(read, act), s.faqRoutes(read, act))
}

func (s *Server) textRoutes(read, act Access) []Route {
	return []Route{
		{get, "/console/content", read, s.texts, "Message texts with their status in each language"},
		{get, "/console/content/texts/:key", read, s.text, "One message text in three languages, with its history"},
		{get, "/console/content/texts/:key/edit", act, s.editText, "The form of a message text"},
		{post, "/console/content/texts/:key/edit", act, s.editText, "Save a message text, or preview it"},
		{get, "/console/content/texts/:key/:lang/restore/:version", act, s.restoreText, "What restoring an earlier wording would change; version 0 is the standard"},
		{post, "/console/content/texts/:key/:lang/restore/:version", act, s.restoreText, "Restore an earlier wording, as a new version"},
	}
}

func (s *Server) templateRoutes(read, act Access) []Route {
	return []Route{
		{get, addPath, act, s.addTemplate, "The form of a new template"},
		{post, addPath, act, s.addTemplate, "Make a template, or preview it"},
		{get, "/console/content/templates", read, s.templateList, "WhatsApp templates with what Meta last said"},
		{get, "/console/content/templates/:name", read, s.templatePage, "One template in three languages, with its history"},
		{get, "/console/content/templates/:name/:lang/take-out", act, s.takeOutTemplate, "What taking a template out of a language means"},
		{post, "/console/content/templates/:name/:lang/take-out", act, s.takeOutTemplate, "Take a template out of a language; its history stays"},
		{get, "/console/content/templates/:name/:lang/put-back", act, s.putBackTemplate, "What putting a template back means"},
		{post, "/console/content/templates/:name/:lang/put-back", act, s.putBackTemplate, "Put back a template that was taken out"},
		{get, "/console/content/templates/:name/:lang/edit", act, s.editTemplate, "The form of a template's words, footer, buttons and samples in one language"},
		{post, "/console/content/templates/:name/:lang/edit", act, s.editTemplate, "Keep a draft that waits for Meta, or preview it"},
		{get, "/console/content/templates/:name/:lang/answer", act, s.answerDraft, "The form for Meta's answer about a draft"},
		{post, "/console/content/templates/:name/:lang/answer", act, s.answerDraft, "Record Meta's answer about a draft"},
		{get, "/console/content/templates/:name/:lang/approval", act, s.setApproval, "The form for a template's status at Meta"},
		{get, "/console/content/templates/:name/:lang/restore/:version", act, s.restoreTemplate, "What bringing back an earlier wording would change"},
		{post, "/console/content/templates/:name/:lang/restore/:version", act, s.restoreTemplate, "Bring an earlier wording back, as a draft that waits for Meta"},
		{get, "/console/content/templates/:name/:lang/try", act, s.tryTemplate, "The form that sends a template to a test number"},
		{post, "/console/content/templates/:name/:lang/try", act, s.tryTemplate, "Send a template with its samples to a test number"},
		{post, "/console/content/templates/:name/:lang/approval", act, s.setApproval, "Record a template's status at Meta"},
		{get, webPath, read, s.templateList, "Templates of the shop's pages"},
		{get, webPath + "/:name", read, s.templatePage, "One template of the pages in three languages, with its history"},
		{get, webPath + "/:name/:lang/take-out", act, s.takeOutTemplate, "What taking a page's template out of a language means"},
		{post, webPath + "/:name/:lang/take-out", act, s.takeOutTemplate, "Take a page's template out of a language; its history stays"},
		{get, webPath + "/:name/:lang/put-back", act, s.putBackTemplate, "What putting a page's template back means"},
		{post, webPath + "/:name/:lang/put-back", act, s.putBackTemplate, "Put back a page's template that was taken out"},
		{get, webPath + "/:name/:lang/edit", act, s.editTemplate, "The form of a page's template in one language"},
		{post, webPath + "/:name/:lang/edit", act, s.editTemplate, "Keep a page's template, or preview it"},
		{get, webPath + "/:name/:lang/restore/:version", act, s.restoreTemplate, "What bringing back an earlier wording would change"},
		{post, webPath + "/:name/:lang/restore/:version", act, s.restoreTemplate, "Bring an earlier wording of a page's template back"},
	}
}

func (s *Server) faqRoutes(read, act Access) []Route {
	return []Route{
		{get, "/console/content/faqs", read, s.faqs, "Questions that the assistant answers by itself"},
		{get, "/console/content/faqs/new", act, s.addFAQ, "The form of a new question"},
		{post, "/console/content/faqs/new", act, s.addFAQ, "Add a question"},
		{get, "/console/content/faqs/:key", read, s.faq, "One question in three languages, with its history"},
		{get, "/console/content/faqs/:key/edit", act, s.editFAQ, "The form of a question"},
		{post, "/console/content/faqs/:key/edit", act, s.editFAQ, "Change a question"},
		{get, "/console/content/faqs/:key/retire", act, s.retireFAQ, "What retiring a question means"},
		{post, "/console/content/faqs/:key/retire", act, s.retireFAQ, "Answer a question no longer"},
		{get, "/console/content/faqs/:key/reopen", act, s.reopenFAQ, "What answering a question again means"},
		{post, "/console/content/faqs/:key/reopen", act, s.reopenFAQ, "Answer a retired question again"},
		{get, "/console/content/faqs/:key/restore/:version", act, s.restoreFAQ, "What restoring an earlier question would change"},
		{post, "/console/content/faqs/:key/restore/:version", act, s.restoreFAQ, "Restore an earlier question, as a new version"},
		{get, "/console/content/changes", read, s.iterations, "What changes of words and policies did to understanding"},
		{get, "/console/content/try", read, s.tryMessage, "The form that asks what the assistant would answer"},
		{post, "/console/content/try", read, s.tryMessage, "What the assistant would answer; nothing is sent or kept"},
	}
}
