package handlers

import "frontdesk/internal/staff"

func (s *Server) conversationRoutes() []Route {
	read, act := can(staff.Conversations, staff.ToRead), can(staff.Conversations, staff.ToAct)
	return []Route{
		{get, "/console/conversations", read, s.conversations, "The inbox"},
		{get, "/console/conversations/search", read, s.searchConversations, "Leads to the inbox"},
		{post, "/console/conversations/search", read, s.searchConversations, "Find conversations by name or number"},
		{get, "/console/conversations/:id", read, s.conversations, "One conversation with its context"},
		{get, "/console/conversations/:id/turns", read, s.turns, "How a conversation's messages were read, and what came of it"},
		{get, "/console/conversations/:id/take-over", act, s.takeOver, "Form: take a conversation over"},
		{post, "/console/conversations/:id/take-over", act, s.takeOver, "Take a conversation over; the bot is silent then"},
		{get, "/console/conversations/:id/hand-back", act, s.handBack, "Form: hand a conversation back to the bot"},
		{post, "/console/conversations/:id/hand-back", act, s.handBack, "Hand a conversation back to the bot"},
		{get, "/console/conversations/:id/reply", act, s.reply, "Leads to the conversation's field"},
		{post, "/console/conversations/:id/reply", act, s.reply, "Write to the customer"},
		{get, "/console/conversations/:id/template", act, s.template, "Form: choose and fill a template"},
		{post, "/console/conversations/:id/template", act, s.template, "Send a template, after its preview"},
		{get, "/console/conversations/:id/note", act, s.note, "Form: a private note"},
		{post, "/console/conversations/:id/note", act, s.note, "Keep a private note"},
		{post, "/console/conversations/:id/retry", act, s.retry, "Send a message again that did not arrive"},
	}
}

func (s *Server) caseRoutes() []Route {
	read, act := can(staff.Cases, staff.ToRead), can(staff.Cases, staff.ToAct)
	return []Route{
		{get, "/console/cases", read, s.cases, "Hand-offs that wait for a person"},
		{get, "/console/cases/resolved", read, s.resolvedCases, "Hand-offs that are done, with their labels"},
		{get, "/console/cases/:id", read, s.oneCase, "Leads to the conversation of a case"},
		{get, "/console/cases/:id/reopen", act, s.reopenCase, "Form: take a resolved case up again"},
		{post, "/console/cases/:id/reopen", act, s.reopenCase, "Take a resolved case up again"},
		{get, "/console/cases/:id/resolve", act, s.resolveCase, "Form: resolve a case with its label"},
		{post, "/console/cases/:id/resolve", act, s.resolveCase, "Resolve a case with its label"},
	}
}
