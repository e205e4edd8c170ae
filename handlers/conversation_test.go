package handlers

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

// desk is the salon with somebody signed in at the inbox.
type desk struct {
	*salon
	cookies map[models.Role]string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{salon: newSalon(t), cookies: map[models.Role]string{}}
	d.must(content.New(d.DB, d.Texts, d.Clock).Seed(context.Background()))
	return d
}

func (d *desk) cookie(role models.Role) string {
	d.t.Helper()
	if d.cookies[role] == "" {
		d.cookies[role] = d.signIn(role)
	}
	return "Cookie: " + d.cookies[role]
}

func (d *desk) get(role models.Role, path string, headers ...string) answer {
	d.t.Helper()
	return d.call("GET", path, nil, append([]string{d.cookie(role), "Accept: text/html"}, headers...)...)
}

// post sends the form of the page at form to an address, with some of its fields changed.
func (d *desk) post(role models.Role, path string, fields url.Values, headers ...string) answer {
	d.t.Helper()
	token, _ := d.get(role, "/console/conversations").doc(d.t).Find("body").Attr("data-csrf")
	fields.Set("csrf", token)
	return d.call("POST", path, []byte(fields.Encode()), append([]string{typeForm, d.cookie(role), "Accept: text/html"}, headers...)...)
}

func (d *desk) at(conv models.Conversation) string {
	return "/console/conversations/" + conv.ID.String()
}

func (d *desk) staffMessages(conv models.Conversation) (out []models.Message) {
	d.t.Helper()
	list, err := d.Thread.Last(context.Background(), conv.ID, 100)
	d.must(err)
	for _, m := range list {
		if m.Class == models.ClassStaff {
			out = append(out, m)
		}
	}
	return out
}

// A day at the inbox without a script: take over and write, a second press sends nothing, a note stays
// here, and the conversation goes back.
func TestInboxWithoutAScript(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := d.at(d.noor)
	page := d.get(models.RoleOperator, at).doc(t)
	if got := page.Find("#keeper").Text(); !strings.Contains(got, "assistant is handling") {
		t.Errorf("who has it: %q", got)
	}
	key, _ := page.Find("form[data-composer] input[name=key]").Attr("value")
	over, _ := page.Find("form[data-composer] input[name=over]").Attr("value")
	reply := url.Values{"text": {"Hello Noor,\r\nDana is here."}, "key": {key}, "over": {over}}
	for range 2 {
		if got := d.post(models.RoleOperator, at+"/reply", reply); got.StatusCode != 303 {
			t.Fatalf("reply: got %d: %.300s", got.StatusCode, got.body)
		}
	}
	if sent := d.staffMessages(d.noor); len(sent) != 1 || sent[0].Content.Text != "Hello Noor,\nDana is here." {
		t.Errorf("sent %+v", sent)
	}
	if got := d.post(models.RoleOperator, at+"/note", url.Values{"body": {"prefers mornings"}, "key": {"k"}}); got.StatusCode != 303 {
		t.Errorf("note: got %d", got.StatusCode)
	}
	page = d.get(models.RoleOperator, at).doc(t)
	for selector, want := range map[string]string{
		"#keeper": "You have this conversation", ".bubble.staff": "Dana is here", ".bubble.note": "prefers mornings",
		".event-line": "Person operator took over", ".pane-context .note-card": "prefers mornings",
	} {
		if got := page.Find(selector).Text(); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", selector, got, want)
		}
	}
	if got := d.post(models.RoleOperator, at+"/hand-back", url.Values{}); got.StatusCode != 303 {
		t.Errorf("hand back: got %d", got.StatusCode)
	}
	if got := d.get(models.RoleOperator, at).doc(t).Find("#keeper").Text(); !strings.Contains(got, "assistant is handling") {
		t.Errorf("after the hand-back: %q", got)
	}
}

// Who comes second is told who has the conversation, may not write into it, and is asked before taking it.
func TestAConversationWithAColleague(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := d.at(d.noor)
	if got := d.post(models.RoleOperator, at+"/take-over", url.Values{"from": {""}}); got.StatusCode != 303 {
		t.Fatalf("take over: got %d: %.300s", got.StatusCode, got.body)
	}
	page := d.get(models.RolePM, at).doc(t)
	if page.Find("form[data-composer]").Length() != 0 || !strings.Contains(page.Find("#keeper").Text(), "Person operator has this") {
		t.Errorf("a colleague sees %q and a composer: %v", page.Find("#keeper").Text(), page.Find("form[data-composer]").Length() != 0)
	}
	for path, fields := range map[string]url.Values{
		"/reply": {"text": {"me too"}, "key": {"k"}, "over": {"yes"}}, "/take-over": {"from": {""}}, "/hand-back": {},
	} {
		got := d.post(models.RolePM, at+path, fields)
		if got.StatusCode != 422 || !strings.Contains(got.body, "Person operator") {
			t.Errorf("%s: got %d without the colleague's name", path, got.StatusCode)
		}
	}
	form := d.get(models.RolePM, at+"/take-over").doc(t)
	from, _ := form.Find("input[name=from]").Attr("value")
	if got := d.post(models.RolePM, at+"/take-over", url.Values{"from": {from}}); got.StatusCode != 303 {
		t.Errorf("take over after being asked: got %d: %.300s", got.StatusCode, got.body)
	}
	if got := d.get(models.RolePM, at).doc(t).Find(".event-line").Last().Text(); !strings.Contains(got, "Person pm took over from Person operator") {
		t.Errorf("the transcript says %q", got)
	}
}

// What was refused comes back as typed, as a page and as the part a script asks for.
func TestRefusedReplyKeepsTheWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := d.at(d.noor)
	long := strings.Repeat("a", 4097)
	for _, header := range []string{"X-Nothing: 1", "HX-Request: true"} {
		got := d.post(models.RoleOperator, at+"/reply", url.Values{"text": {long}, "key": {"k"}, "over": {"yes"}}, header)
		page := got.doc(t)
		if got.StatusCode != 422 || page.Find("#composer-text").Text() != long || !strings.Contains(page.Find(".error-summary").Text(), "4097") {
			t.Errorf("%s: got %d, %d characters, %q", header, got.StatusCode, len(page.Find("#composer-text").Text()), page.Find(".error-summary").Text())
		}
		if whole := page.Find(".panes").Length() == 1; whole != (header[0] == 'X') {
			t.Errorf("%s: whole page %v", header, whole)
		}
	}
	if len(d.staffMessages(d.noor)) != 0 {
		t.Error("it was sent nevertheless")
	}
	got := d.post(models.RoleOperator, at+"/reply", url.Values{"text": {"fine"}, "key": {"k"}, "over": {"yes"}}, "HX-Request: true")
	if got.StatusCode != 200 || got.Header.Get("HX-Trigger-After-Settle") != "acted" || got.doc(t).Find("#composer-text").Text() != "" {
		t.Errorf("got %d, %v", got.StatusCode, got.Header)
	}
}

// After the window there is no field; a template goes once it was seen as it will be read.
func TestTemplateAfterTheWindow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := d.at(d.noor)
	d.hand.Advance(25 * time.Hour)
	page := d.get(models.RoleOperator, at).doc(t)
	if page.Find("form[data-composer]").Length() != 0 || !strings.Contains(page.Find("#composer").Text(), "only templates") {
		t.Errorf("composer: %q", page.Find("#composer").Text())
	}
	if got := d.post(models.RoleOperator, at+"/reply", url.Values{"text": {"late"}, "key": {"k"}, "over": {"yes"}}); got.StatusCode != 422 || !strings.Contains(got.body, "Send a template") {
		t.Errorf("free text: got %d", got.StatusCode)
	}
	link, _ := d.get(models.RoleOperator, at+"/template").doc(t).Find("a.item").First().Attr("href")
	form := d.get(models.RoleOperator, link).doc(t)
	if got, _ := form.Find("input[name=Name]").Attr("value"); got != "Noor" {
		t.Errorf("the name starts as %q", got)
	}
	fields := url.Values{"template": {content.HumanHandoff}, "key": {"k"}, "over": {"yes"}, "seen": {""}, "Name": {"Noor"}}
	seen := d.post(models.RoleOperator, at+"/template", fields)
	mark, _ := seen.doc(t).Find("input[name=seen]").Attr("value")
	if seen.StatusCode != 200 || mark == "" || !strings.Contains(seen.doc(t).Find(".preview-text").Text(), "Hello Noor") || len(d.staffMessages(d.noor)) != 0 {
		t.Fatalf("preview: got %d, %q", seen.StatusCode, seen.doc(t).Find(".preview-text").Text())
	}
	fields.Set("seen", mark)
	fields.Set("Name", "Somebody else")
	if got := d.post(models.RoleOperator, at+"/template", fields); got.StatusCode != 200 || len(d.staffMessages(d.noor)) != 0 {
		t.Errorf("values changed after the preview: got %d, %d sent", got.StatusCode, len(d.staffMessages(d.noor)))
	}
	fields.Set("Name", "Noor")
	if got := d.post(models.RoleOperator, at+"/template", fields); got.StatusCode != 303 {
		t.Errorf("send: got %d: %.300s", got.StatusCode, got.body)
	}
	sent := d.staffMessages(d.noor)
	if len(sent) != 1 || sent[0].Content.Template == nil || sent[0].Content.Template.Name != content.HumanHandoff {
		t.Errorf("sent %+v", sent)
	}
}

// A case ends with one answer; without it the form comes back.
func TestResolveNeedsAnAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	cases, err := d.Desk.OpenCases(context.Background())
	d.must(err)
	resolve := "/console/cases/" + cases[0].ID.String() + "/resolve"
	if got := d.post(models.RoleOperator, d.at(d.sara)+"/hand-back", url.Values{}); got.StatusCode != 422 {
		t.Errorf("handed back beside an open case: %d", got.StatusCode)
	}
	if got := d.post(models.RoleOperator, resolve, url.Values{}); got.StatusCode != 422 || got.doc(t).Find("#label-error").Length() == 0 {
		t.Errorf("without an answer: got %d", got.StatusCode)
	}
	if got := d.post(models.RoleOperator, resolve, url.Values{"label": {"settled"}, "tell": {"yes"}}); got.StatusCode != 303 {
		t.Fatalf("resolve: got %d: %.300s", got.StatusCode, got.body)
	}
	table := d.get(models.RolePrivacy, "/console/cases/resolved?label=settled").doc(t)
	if got := table.Find("table").Text(); !strings.Contains(got, "سارة") || !strings.Contains(got, "it settled itself") {
		t.Errorf("resolved cases: %q", got)
	}
	if got := d.get(models.RolePrivacy, "/console/cases/resolved?label=noise").doc(t).Find("main").Text(); strings.Contains(got, "سارة") {
		t.Error("the filter shows another label")
	}
	last, err := d.Thread.Last(context.Background(), d.sara.ID, 1)
	d.must(err)
	if last[0].Class != models.ClassHandoff || last[0].Language != models.Arabic {
		t.Errorf("the customer was told %+v", last[0].Content)
	}
}

// The privacy officer reads all of it, and is offered and allowed nothing else.
func TestReadersChangeNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	page := d.get(models.RolePrivacy, d.at(d.sara)).doc(t)
	if page.Find("#composer, #keeper .button, .case .button, [href$='/note']").Length() != 0 {
		t.Error("acts are offered to somebody who may only read")
	}
	for _, act := range []string{"/take-over", "/hand-back", "/reply", "/note", "/retry", "/template"} {
		if got := d.post(models.RolePrivacy, d.at(d.sara)+act, url.Values{"text": {"x"}}); got.StatusCode != 403 {
			t.Errorf("%s: got %d, want 403", act, got.StatusCode)
		}
	}
}

// People are found by name, and by number where the reader may see numbers; neither is ever in an address.
func TestFindInTheInbox(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, tt := range []struct {
		role  models.Role
		words string
		want  []string
	}{
		{models.RoleOperator, "haddad", []string{"Noor Haddad"}},
		{models.RoleOperator, "سارة", []string{"سارة الحربي"}},
		{models.RoleOperator, "07700 900118", []string{"Maya Lopez"}},
		{models.RoleOperator, "+44 7700 900118", []string{"Maya Lopez"}},
		{models.RoleOperator, "100%", nil},
		{models.RolePrivacy, "Lopez", []string{"Maya Lopez"}},
		{models.RolePrivacy, "7700900118", nil},
	} {
		got := d.post(tt.role, "/console/conversations/search", url.Values{"words": {tt.words}})
		var names []string
		for _, n := range got.doc(t).Find(".pane-list .name").EachIter() {
			names = append(names, n.Text())
		}
		if got.StatusCode != 200 || strings.Join(names, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%s searches %q: got %d %v, want %v", tt.role, tt.words, got.StatusCode, names, tt.want)
		}
	}
}

// A message that did not arrive says why and what to do, and is sent again from there.
func TestFailedMessageSaysWhatToDo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := d.at(d.noor)
	d.post(models.RoleOperator, at+"/take-over", url.Values{"from": {""}})
	d.post(models.RoleOperator, at+"/reply", url.Values{"text": {"hello"}, "key": {"k"}})
	sent := d.staffMessages(d.noor)[0]
	fail := func(code string) {
		d.must(d.DB.On(context.Background()).Model(&models.Message{}).Where("id = ?", sent.ID).
			UpdateColumns(map[string]any{"status": models.Failed, "error_code": code}).Error)
	}
	for code, want := range map[string]string{"131047": "Write by template", "131026": "Reach the customer another way", "1": "Try again in a moment"} {
		fail(code)
		page := d.get(models.RoleOperator, at+"?filter=failed").doc(t)
		bubble := page.Find(".bubble.is-failed")
		if !strings.Contains(bubble.Text(), want) {
			t.Errorf("%s: %q", code, bubble.Text())
		}
		if again, template := bubble.Find("form").Length() == 1, bubble.Find("a[href$='/template']").Length() == 1; again == (code == "131047") || template != (code == "131047") {
			t.Errorf("%s: again %v, template %v", code, again, template)
		}
		if page.Find(".pane-list a.item").Length() != 1 {
			t.Errorf("%s: the filter shows %d", code, page.Find(".pane-list a.item").Length())
		}
	}
	fail("131026")
	for range 2 {
		if got := d.post(models.RoleOperator, at+"/retry", url.Values{"message": {sent.ID.String()}}); got.StatusCode != 303 {
			t.Errorf("retry: got %d: %.300s", got.StatusCode, got.body)
		}
	}
	if n := len(d.staffMessages(d.noor)); n != 2 {
		t.Errorf("%d messages, want the first and one more", n)
	}
}

// Whoever opens a conversation stands in the audit log, once a day.
func TestReadingAConversationIsAudited(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for range 3 {
		d.get(models.RolePrivacy, d.at(d.noor))
	}
	d.get(models.RolePrivacy, "/console/conversations")
	var n int64
	d.must(d.DB.On(context.Background()).Model(&models.AuditEntry{}).Where("action = 'conversation.read' AND subject_id = ?", d.noor.ID.String()).Count(&n).Error)
	if n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
	rows, err := d.Thread.List(context.Background(), thread.Filter{Name: "Noor"})
	if err != nil || len(rows) != 1 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// Whose number the channel hides has none on the screens, neither whole nor masked.
func TestAHiddenNumberIsShownAsNone(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	const hidden = "US.1234567890123"
	contact, err := s.People.Contact(t.Context(), models.ChannelWhatsApp, models.AddressBSUID+hidden, "Noor")
	s.must(err)
	conv, err := s.Thread.Of(t.Context(), contact, models.English)
	s.must(err)
	_, _, err = s.Thread.Receive(t.Context(), conv, models.InboundMessage{
		Channel: models.ChannelWhatsApp, From: contact.Address, ProviderID: "wamid.hidden", Content: models.Content{Kind: models.KindText, Text: "Hello"},
	})
	s.must(err)
	for _, role := range []models.Role{models.RoleOperator, models.RolePrivacy} {
		got := s.see(role, "/console/conversations/"+conv.ID.String())
		if got.StatusCode != 200 || !strings.Contains(got.body, "Hello") {
			t.Fatalf("%s: got %d", role, got.StatusCode)
		}
		for _, never := range []string{models.AddressBSUID, hidden, "bsu •"} {
			if strings.Contains(got.body, never) {
				t.Errorf("%s reads %q, the channel's own id of a person", role, never)
			}
		}
	}
}
