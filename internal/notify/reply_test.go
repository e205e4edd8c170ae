package notify

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/internal/testkit"
	"frontdesk/internal/whatsapp"
	"frontdesk/models"
)

// colleague is somebody of the salon with an account.
func (o *office) colleague(name string) models.ID {
	o.t.Helper()
	id := models.NewID()
	row := models.Staff{ID: id, Email: id.String() + "@luma.example", Name: name, Role: models.RoleOperator, CreatedAt: at, UpdatedAt: at}
	if err := o.db.On(context.Background()).Create(&row).Error; err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *office) taken(by models.ID) models.Conversation {
	o.t.Helper()
	conv, err := o.TakeOver(context.Background(), handoff.Claim{ConversationID: o.conv.ID, StaffID: by})
	if err != nil {
		o.t.Fatalf("take over: %v", err)
	}
	return conv
}

func (o *office) handedBack(by models.ID) {
	o.t.Helper()
	if err := o.desk.HandBack(context.Background(), o.conv.ID, by); err != nil {
		o.t.Fatalf("hand back: %v", err)
	}
}

// write is a reply of a person with the key "form" unless another is given.
func (o *office) write(r Reply) (models.Message, bool, error) {
	r.ConversationID = o.conv.ID
	if r.Key == "" {
		r.Key = "form"
	}
	return o.Reply(context.Background(), r)
}

func (o *office) wantFault(err error, key string) {
	o.t.Helper()
	if !fault.Is(err, key) {
		o.t.Errorf("got %v, want the fault %s", err, key)
	}
}

// What leaves, for every class of message and every way a conversation can have been with people (rule 5).
func TestWhatLeavesWhilePeopleHaveTheConversation(t *testing.T) {
	classes := []models.MessageClass{models.ClassReply, models.ClassReceipt, models.ClassHandoff, models.ClassStaff, models.ClassNotice}
	for _, tt := range []struct {
		name   string
		before func(o *office, marta models.ID) // until the message is said
		after  func(o *office, marta models.ID) // until it is sent
		reply  bool                             // a reply leaves; everything else always does
	}{
		{name: "nobody has it", reply: true},
		{name: "taken over before it is said", before: func(o *office, m models.ID) { o.taken(m) }},
		{name: "taken over before it is sent", after: func(o *office, m models.ID) { o.taken(m) }},
		{name: "taken over and handed back before it is sent", after: func(o *office, m models.ID) { o.taken(m); o.handedBack(m) }},
		{name: "said meanwhile, sent after the hand-back", before: func(o *office, m models.ID) { o.taken(m) }, after: func(o *office, m models.ID) { o.handedBack(m) }},
		{name: "said meanwhile, sent after the time is up", before: func(o *office, m models.ID) { o.taken(m) }, after: func(o *office, _ models.ID) { o.hand.Advance(24 * time.Hour) }},
		{name: "said meanwhile, sent after the sweep", before: func(o *office, m models.ID) { o.taken(m) }, after: func(o *office, _ models.ID) { o.hand.Advance(24 * time.Hour); o.swept() }},
		{name: "handed back before it is said", before: func(o *office, m models.ID) { o.taken(m); o.handedBack(m) }, reply: true},
		{name: "the time is up before it is said", before: func(o *office, m models.ID) { o.taken(m); o.hand.Advance(24 * time.Hour) }, reply: true},
		{name: "the sweep came before it is said", before: func(o *office, m models.ID) { o.taken(m); o.hand.Advance(24 * time.Hour); o.swept() }, reply: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			marta := o.colleague("Marta")
			if tt.before != nil {
				tt.before(o, marta)
			}
			said := map[models.MessageClass]models.ID{}
			for _, class := range classes {
				said[class] = o.say(class, string(class), nil)
			}
			if tt.after != nil {
				tt.after(o, marta)
			}
			o.set("last_inbound_at", o.clock.Now())
			o.flushed()
			for _, class := range classes {
				want := models.Sent
				if class == models.ClassReply && !tt.reply {
					want = models.Suppressed
				}
				if got := o.message(said[class]).Status; got != want {
					t.Errorf("%s: got %s, want %s", class, got, want)
				}
			}
		})
	}
}

func (o *office) swept() {
	o.t.Helper()
	if ended, err := o.EndTakeOvers(context.Background()); err != nil || ended != 1 {
		o.t.Fatalf("ended %d, %v; want one", ended, err)
	}
}

// Somebody takes over while the assistant is in the middle of several messages, at every possible moment:
// once they have the conversation, not one more is handed to WhatsApp, and none of the rest ever is.
func TestNothingIsSaidOverAPersonWhoTookOver(t *testing.T) {
	t.Parallel()
	o := open(t)
	marta := o.colleague("Marta")
	for round := range 40 {
		for _, text := range []string{"one", "two", "three"} {
			o.reply(text)
		}
		job, gone := o.job("running"), make(chan error, 1)
		go func() { gone <- o.flush(job) }()
		for range round % 4 { // another moment each time: nothing sent, one sent, two sent …
			o.sleepless()
		}
		o.taken(marta)
		before := len(o.wa.said())
		if err := <-gone; err != nil {
			t.Fatalf("flush: %v", err)
		}
		o.dead(job)
		o.flushed()
		if after := len(o.wa.said()); after != before {
			t.Fatalf("round %d: %d messages left after the take-over", round, after-before)
		}
		if still := o.unsent(); still != 0 {
			t.Fatalf("round %d: %d messages still wait", round, still)
		}
		o.handedBack(marta)
	}
	if said := len(o.wa.said()); said == 0 || said == 120 {
		t.Errorf("%d of 120 were sent: no round took over in the middle", said)
	}
}

// sleepless takes as long as one look into the database.
func (o *office) sleepless() { o.unsent() }

func (o *office) unsent() (n int64) {
	o.t.Helper()
	err := o.db.On(context.Background()).Model(&models.Message{}).Where("status IN ('queued', 'sending')").Count(&n).Error
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// A call that is under way when somebody takes over ends before they are told that they have it.
func TestTakingOverWaitsForTheCallUnderWay(t *testing.T) {
	t.Parallel()
	o := open(t)
	marta := o.colleague("Marta")
	calling, answered := make(chan struct{}), make(chan struct{})
	o.wa.answers = []answer{{before: func(whatsapp.Message) { close(calling); <-answered }}}
	first, second := o.reply("half"), o.reply("sent")
	gone := make(chan error, 1)
	job := o.job("running")
	go func() { gone <- o.flush(job) }()
	<-calling
	took := make(chan error, 1)
	go func() {
		_, err := o.TakeOver(context.Background(), handoff.Claim{ConversationID: o.conv.ID, StaffID: marta})
		took <- err
	}()
	o.eventuallyHuman()
	select {
	case <-took:
		t.Error("told while the assistant was still speaking")
	default:
	}
	close(answered)
	if err := <-took; err != nil {
		t.Fatal(err)
	}
	if err := <-gone; err != nil {
		t.Fatal(err)
	}
	o.wantStatus(models.Sent, first)
	o.wantStatus(models.Suppressed, second)
}

func (o *office) eventuallyHuman() {
	o.t.Helper()
	testkit.Eventually(o.t, 10*time.Second, "the gate is shut", func() bool {
		conv, err := o.thread.Conversation(context.Background(), o.conv.ID)
		return err == nil && conv.Human(o.clock.Now())
	})
}

func TestOnlyWhoHasTheConversationAnswers(t *testing.T) {
	t.Parallel()
	o := open(t)
	marta, paul := o.colleague("Marta"), o.colleague("Paul")
	_, _, err := o.write(Reply{StaffID: marta, Text: "hello"})
	o.wantFault(err, "handoff.not_held")
	if _, said, err := o.write(Reply{StaffID: marta, Text: "hello", TakeOver: true}); err != nil || !said {
		t.Fatalf("take over and answer: %t, %v", said, err)
	}
	for _, over := range []bool{false, true} {
		_, _, err = o.write(Reply{StaffID: paul, Text: "me too", TakeOver: over})
		o.wantFault(err, "handoff.taken")
	}
	o.flushed()
	if got := strings.Join(o.wa.said(), "|"); got != "hello" {
		t.Errorf("sent %q", got)
	}
}

// What cannot be sent is refused, and takes nothing over.
func TestRefusedReplies(t *testing.T) {
	t.Parallel()
	o := open(t)
	marta := o.colleague("Marta")
	for _, tt := range []struct {
		name  string
		reply Reply
		last  time.Time
		fault string
		field string
	}{
		{name: "nothing", reply: Reply{Text: " \n "}, last: at, fault: "notify.reply", field: "text"},
		{name: "one unit too long", reply: Reply{Text: strings.Repeat("a", 4095) + "💇"}, last: at, fault: "notify.reply", field: "text"},
		{name: "after the window", reply: Reply{Text: "hello"}, last: at.Add(-24 * time.Hour), fault: "notify.reply.window"},
		{name: "in its last seconds", reply: Reply{Text: "hello"}, last: at.Add(-24*time.Hour + windowMargin), fault: "notify.reply.window"},
		{name: "a template for stylists", reply: Reply{Template: content.UrgentStylist}, last: at, fault: "notify.reply", field: "template"},
	} {
		o.set("last_inbound_at", tt.last)
		tt.reply.StaffID, tt.reply.TakeOver = marta, true
		_, said, err := o.write(tt.reply)
		if !fault.Is(err, tt.fault) || said {
			t.Errorf("%s: got %v, want the fault %s", tt.name, err, tt.fault)
		}
		if tt.field != "" && fieldsOf(err)[tt.field] == "" {
			t.Errorf("%s: field %s is not named in %v", tt.name, tt.field, fieldsOf(err))
		}
	}
	conv, err := o.thread.Conversation(context.Background(), o.conv.ID)
	if err != nil || conv.Human(at) {
		t.Errorf("a refused reply took the conversation over (%v)", err)
	}
	o.set("last_inbound_at", at)
	if _, said, err := o.write(Reply{StaffID: marta, TakeOver: true, Text: strings.Repeat("a", 4094) + "💇"}); err != nil || !said {
		t.Errorf("4096 units: %v", err)
	}
}

func fieldsOf(err error) map[string]string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return nil
	}
	return f.Fields
}

// However often one form is posted, at once too, its words are sent once; other words in it are new ones.
func TestOnePostingIsOneMessage(t *testing.T) {
	t.Parallel()
	o := open(t)
	marta := o.colleague("Marta")
	o.taken(marta)
	var wg sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		wg.Go(func() { _, _, errs[i] = o.write(Reply{StaffID: marta, Text: "on my way"}) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if _, said, err := o.write(Reply{StaffID: marta, Text: "on my way!"}); err != nil || !said {
		t.Errorf("other words in the same form: said %t, %v", said, err)
	}
	if _, said, err := o.write(Reply{StaffID: marta, Text: "on my way", Key: "next"}); err != nil || !said {
		t.Errorf("the same words in the next form: said %t, %v", said, err)
	}
	o.flushed()
	if got := strings.Join(o.wa.said(), "|"); got != "on my way|on my way!|on my way" {
		t.Errorf("sent %q", got)
	}
}

// Outside the window a template goes, in the customer's language, with every value.
func TestTemplateByHand(t *testing.T) {
	t.Parallel()
	o := open(t)
	if err := o.content.Seed(context.Background()); err != nil {
		t.Fatal(err)
	}
	marta := o.colleague("Marta")
	o.taken(marta)
	o.set("last_inbound_at", at.Add(-48*time.Hour))
	r := Reply{StaffID: marta, Template: content.HumanHandoff, Language: models.Spanish}
	_, _, err := o.write(r)
	if o.wantFault(err, "notify.reply"); fieldsOf(err)["Name"] == "" {
		t.Errorf("the missing value is not named: %v", fieldsOf(err))
	}
	r.Values = map[string]any{"Name": "Noor"}
	m, said, err := o.write(r)
	if err != nil || !said || m.Language != models.Spanish || !strings.Contains(m.Content.Text, "Noor") {
		t.Fatalf("said %t, %+v, %v", said, m, err)
	}
	o.flushed()
	if got := strings.Join(o.wa.said(), "|"); got != "[human_handoff]" {
		t.Errorf("sent %q", got)
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	o := open(t)
	marta := o.colleague("Marta")
	o.taken(marta)
	o.set("last_inbound_at", at.Add(-time.Hour)) // whoever writes at the very moment is reached again
	o.wa.answers = []answer{refusal(131026), refusal(131047)}
	unreachable, _, err := o.write(Reply{StaffID: marta, Text: "one"})
	if err != nil {
		t.Fatal(err)
	}
	closed, _, err := o.write(Reply{StaffID: marta, Text: "two"})
	if err != nil {
		t.Fatal(err)
	}
	o.handedBack(marta)
	bots := o.reply("three")
	o.flushed()
	o.wantStatus(models.Failed, unreachable.ID, closed.ID, bots)
	_, _, err = o.Retry(context.Background(), o.conv.ID, unreachable.ID, marta)
	o.wantFault(err, "handoff.not_held")
	o.taken(marta)
	for id, want := range map[models.ID]string{closed.ID: "notify.retry.gone", bots: "notify.retry.gone", models.NewID(): "thread.no_message"} {
		_, _, err := o.Retry(context.Background(), o.conv.ID, id, marta)
		o.wantFault(err, want)
	}
	for i := range 2 {
		if _, said, err := o.Retry(context.Background(), o.conv.ID, unreachable.ID, marta); err != nil || said != (i == 0) {
			t.Errorf("retry %d: said %t, %v", i, said, err)
		}
	}
	o.flushed()
	if got := strings.Join(o.wa.said(), "|"); got != "one|two|one" { // the assistant leaves the number alone; a person may try it again
		t.Errorf("sent %q", got)
	}
}
