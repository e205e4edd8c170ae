package handoff_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

var now = time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC)

type room struct {
	t      *testing.T
	db     *database.DB
	clock  clock.Clock
	hand   *clock.Hand
	thread *thread.Thread
	desk   *handoff.Desk
	conv   models.Conversation
	person models.ID
	marta  models.ID // of the salon
	paul   models.ID
}

func openRoom(t *testing.T) *room {
	t.Helper()
	t.Parallel()
	c, hand := clock.Fixed(now)
	db := testkit.DB(t, c)
	redis, q := testkit.Redis(t), queue.New(db)
	r := &room{t: t, db: db, clock: c, hand: hand, thread: thread.New(db, c, q, redis), person: models.NewID()}
	r.desk = handoff.New(db, c, q, settings.New(db, c), r.thread, redis)
	r.marta, r.paul = r.colleague("Marta"), r.colleague("Paul")
	phone := "+447700900101"
	contact := models.Contact{ID: models.NewID(), Channel: models.ChannelWhatsApp, Address: phone, CustomerID: &r.person, CreatedAt: now, UpdatedAt: now}
	r.create(&models.Customer{ID: r.person, Name: "Noor", Phone: &phone, Language: "ar", CreatedAt: now, UpdatedAt: now})
	r.create(&contact)
	var err error
	r.conv, err = r.thread.Of(context.Background(), contact, models.Arabic)
	r.must(err)
	return r
}

func (r *room) colleague(name string) models.ID {
	r.t.Helper()
	id := models.NewID()
	r.create(&models.Staff{ID: id, Email: id.String() + "@luma.example", Name: name, Role: models.RoleOperator, CreatedAt: now, UpdatedAt: now})
	return id
}

func (r *room) resolve(c models.Case, by models.ID) error {
	return r.desk.Resolve(context.Background(), handoff.Resolution{CaseID: c.ID, StaffID: by, Label: models.LabelNeeded})
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) create(row any) {
	r.t.Helper()
	r.must(r.db.On(context.Background()).Create(row).Error)
}

func (r *room) hear(text string) {
	r.t.Helper()
	_, _, err := r.thread.Receive(context.Background(), r.conv, models.InboundMessage{Content: models.Content{Kind: models.KindText, Text: text}})
	r.must(err)
}

func (r *room) open(req handoff.Request) (models.Case, bool) {
	r.t.Helper()
	req.ConversationID = r.conv.ID
	c, opened, err := r.desk.Open(context.Background(), req)
	r.must(err)
	return c, opened
}

func (r *room) human() bool {
	r.t.Helper()
	conv, err := r.thread.Conversation(context.Background(), r.conv.ID)
	r.must(err)
	return conv.Human(r.clock.Now())
}

func TestCaseHoldsWhatAColleagueNeeds(t *testing.T) {
	r := openRoom(t)
	for i := range 12 {
		r.hear(fmt.Sprintf("message %d", i))
	}
	_, _, err := r.thread.Say(context.Background(), thread.Outgoing{
		ConversationID: r.conv.ID, Class: models.ClassReply, Content: models.Content{Kind: models.KindButtons, Text: "Yes or no?"}, Language: "ar",
	})
	r.must(err)
	_, _, err = r.thread.Receive(context.Background(), r.conv, models.InboundMessage{Content: models.Content{Kind: models.KindButtonReply, ReplyTitle: "No"}})
	r.must(err)

	c, opened := r.open(handoff.Request{Reason: models.ReasonAmbiguity, Summary: "one\n\n two \nthree\nfour\nfive\nsix"})
	if !opened || c.Status != models.CaseOpen || !c.OpenedAt.Equal(now) {
		t.Errorf("case = %+v, opened %v", c, opened)
	}
	stored, err := r.desk.Case(context.Background(), c.ID)
	r.must(err)
	if stored.Summary != "one\ntwo\nthree\nfour\nfive" {
		t.Errorf("summary = %q", stored.Summary)
	}
	if stored.TriggerText != "No" || stored.Language != models.Arabic || stored.Suggestion != "case.suggestion.ambiguity" {
		t.Errorf("trigger %q, language %s, suggestion %s", stored.TriggerText, stored.Language, stored.Suggestion)
	}
	if stored.CustomerID == nil || *stored.CustomerID != r.person {
		t.Errorf("customer = %v, want the conversation's", stored.CustomerID)
	}
	var lines []handoff.Line
	r.must(json.Unmarshal(stored.LastMessages, &lines))
	if len(lines) != 10 || lines[0].Text != "message 4" || lines[8].Text != "Yes or no?" || lines[9].Text != "No" || lines[9].From != models.ClassInbound {
		t.Errorf("last messages = %+v", lines)
	}
	if !r.human() || len(testkit.Jobs(t, r.db, "notify.case")) != 1 {
		t.Error("nobody has the conversation")
	}
	r.hand.Advance(24 * time.Hour)
	if r.human() {
		t.Error("human mode lasts longer than P.human_mode.ttl_hours")
	}
}

func TestSameTroubleIsOneCase(t *testing.T) {
	r := openRoom(t)
	var wg sync.WaitGroup
	errs, opened := make([]error, 10), make([]bool, 10)
	for i := range 10 {
		wg.Go(func() {
			_, opened[i], errs[i] = r.desk.Open(context.Background(), handoff.Request{ConversationID: r.conv.ID, Reason: models.ReasonManualRequest})
		})
	}
	wg.Wait()
	count := 0
	for i := range errs {
		r.must(errs[i])
		if opened[i] {
			count++
		}
	}
	if count != 1 || len(testkit.Jobs(t, r.db, "notify.case")) != 1 {
		t.Errorf("%d cases and %d notices, want one each", count, len(testkit.Jobs(t, r.db, "notify.case")))
	}
	// A day later the case is still open and the customer asks again: staff have them again.
	r.hand.Advance(25 * time.Hour)
	if _, again := r.open(handoff.Request{Reason: models.ReasonManualRequest}); again || !r.human() {
		t.Errorf("opened %v, human mode %v; want the old case and human mode", again, r.human())
	}
	if _, other := r.open(handoff.Request{Reason: models.ReasonComplaint}); !other {
		t.Error("another reason opened no case")
	}
}

func TestSilentCaseLeavesTheBotTalking(t *testing.T) {
	r := openRoom(t)
	if _, opened := r.open(handoff.Request{Reason: models.ReasonRefundFailure, Silent: true}); !opened || r.human() {
		t.Errorf("opened %v, human mode %v; want a case and no human mode", opened, r.human())
	}
}

func TestResolveGivesTheConversationBack(t *testing.T) {
	r := openRoom(t)
	first, _ := r.open(handoff.Request{Reason: models.ReasonManualRequest})
	second, _ := r.open(handoff.Request{Reason: models.ReasonComplaint})
	r.must(r.resolve(first, r.marta))
	if !r.human() {
		t.Error("the bot is back while a case is open")
	}
	r.must(r.resolve(second, r.marta))
	r.must(r.resolve(second, r.paul))
	cases, err := r.desk.OfConversation(context.Background(), r.conv.ID)
	r.must(err)
	if r.human() || len(cases) != 2 || cases[0].ID != second.ID || cases[0].ResolvedBy != "staff:"+r.marta.String() || cases[0].Status != models.CaseResolved {
		t.Errorf("human mode %v, cases %+v", r.human(), cases)
	}
	if waiting, err := r.desk.OpenCases(context.Background()); err != nil || len(waiting) != 0 {
		t.Errorf("open cases = %v, %v", waiting, err)
	}
	if err := r.resolve(models.Case{ID: models.NewID()}, r.marta); !fault.Is(err, "handoff.no_case") {
		t.Errorf("got %v, want handoff.no_case", err)
	}
}

func TestReasonsAreAClosedList(t *testing.T) {
	r := openRoom(t)
	_, _, err := r.desk.Open(context.Background(), handoff.Request{ConversationID: r.conv.ID, Reason: "boredom"})
	if !fault.Is(err, "handoff.unknown_reason") {
		t.Errorf("got %v, want handoff.unknown_reason", err)
	}
	texts, err := i18n.Load()
	r.must(err)
	for _, reason := range handoff.Reasons() {
		c, opened := r.open(handoff.Request{Reason: reason, Summary: strings.Repeat("ك", 5000), Trigger: strings.Repeat("y", 10_000)})
		if !opened || len([]rune(c.Summary)) != 1000 || len(c.TriggerText) > 1003 {
			t.Errorf("%s: opened %v, summary of %d, trigger of %d", reason, opened, len([]rune(c.Summary)), len(c.TriggerText))
		}
		for _, lang := range models.Languages() {
			if !texts.Has(lang, "case.reason."+string(reason)) || !texts.Has(lang, c.Suggestion) {
				t.Errorf("%s has no name or suggestion in %s", reason, lang)
			}
		}
	}
}
