package notify

import (
	"context"
	"slices"
	"testing"
	"time"

	"frontdesk/internal/thread"
	"frontdesk/models"
)

func TestEachCodeHasItsActionAndRemedy(t *testing.T) {
	for _, c := range []struct {
		action Action
		remedy Remedy
		codes  []string
	}{
		{ActTemplate, RemedyTemplate, []string{"131047"}},
		{ActFail, RemedyTemplate, []string{CodeWindow}},
		{ActWait, RemedyRetry, []string{"130429", "131056", "131048", "80007", "4", "131000", "131016"}},
		{ActStop, RemedyCall, []string{"131026", "131030", "131021"}},
		{ActDrop, RemedyCall, []string{"131049", "131050", "130472"}},
		{ActAlert, RemedyRepair, []string{"131042", "131031", "190", "368", "133010", "132001", "132015", "132016"}},
		{ActFail, RemedyEdit, []string{"131051", "131053", "132000", "100", CodeUnfit}},
		{ActFail, RemedyCall, []string{CodeStopped}},
		{ActFail, RemedyRepair, []string{CodeChannel}},
		{ActFail, RemedyRetry, []string{"999999", "retry", ""}},
	} {
		for _, code := range c.codes {
			if action, remedy := ActionOf(code), RemedyOf(code); action != c.action || remedy != c.remedy {
				t.Errorf("%s: got %s and %s, want %s and %s", code, action, remedy, c.action, c.remedy)
			}
		}
	}
}

// failing is a late status with a code about the try that WhatsApp gave an id.
func failing(id models.ID, provider, code string) models.DeliveryStatus {
	return models.DeliveryStatus{ProviderID: provider, MessageID: id.String(), Status: models.Failed, ErrorCode: code, ErrorDetail: "why"}
}

func TestALateClosedWindowSendsTheTemplate(t *testing.T) {
	o := open(t)
	id := o.say(models.ClassReceipt, "moved", &models.Template{Name: "moved", Language: "en", Values: []string{"x"}})
	o.flushed()
	if got := o.track(failing(id, "wamid.1", "131047")); got != OutcomeAgain {
		t.Fatalf("outcome %q", got)
	}
	if got := o.track(failing(id, "wamid.1", "131047")); got != OutcomeStale { // told twice
		t.Errorf("told twice: outcome %q", got)
	}
	o.flushed()
	if got := o.wa.said(); !slices.Equal(got, []string{"moved", "[moved]"}) {
		t.Errorf("sent %q", got)
	}
	if got := o.track(failing(id, "wamid.1", "131047")); got != OutcomeStale {
		t.Errorf("told again, behind the template: outcome %q", got)
	}
	if m := o.message(id); m.Status != models.Sent || *m.ProviderID != "wamid.2" {
		t.Errorf("got %s %v", m.Status, m.ProviderID)
	}
	if got := o.track(as(models.DeliveryStatus{ProviderID: "wamid.2", MessageID: id.String()}, models.Delivered)); got != "delivered" {
		t.Errorf("outcome %q", got)
	}

	plain, d := o.sent("only text")
	if got := o.track(failing(plain, d.ProviderID, "131047")); got != "failed" {
		t.Errorf("without a template: outcome %q", got)
	}
	o.wantStatus(models.Failed, plain)
	if got := o.count(CountFailed); got != 1 {
		t.Errorf("counted %d failures, want 1", got)
	}
}

func TestALateLimitIsTriedAgainMoreSlowly(t *testing.T) {
	o := open(t)
	id, d := o.sent("x")
	if got := o.track(failing(id, d.ProviderID, "131056")); got != OutcomeAgain {
		t.Fatalf("outcome %q", got)
	}
	wantLater(t, o.flush(o.job("running")), grace/2, grace)
	o.age(id, grace)
	o.flushed()
	if got := len(o.wa.calls); got != 2 {
		t.Errorf("%d calls, want 2", got)
	}
	o.wantStatus(models.Sent, id)
}

func TestNothingGoesToANumberThatNothingArrivesAt(t *testing.T) {
	o := open(t)
	o.hand.Advance(time.Second)
	id, d := o.sent("x")
	o.track(failing(id, d.ProviderID, "131026"))
	next := o.reply("y")
	o.flushed()
	if m := o.message(next); m.Status != models.Failed || m.ErrorCode != CodeStopped || len(o.wa.calls) != 1 {
		t.Errorf("got %s %s after %d calls, want it failed and not sent", m.Status, m.ErrorCode, len(o.wa.calls))
	}
	words := o.say(models.ClassStaff, "are you there?", nil) // a person may insist
	o.flushed()
	o.wantStatus(models.Sent, words)
	o.set("last_inbound_at", o.clock.Now()) // they write in that very moment
	back := o.reply("back?")
	o.flushed()
	o.wantStatus(models.Sent, back)
	o.hand.Advance(time.Minute)
	o.set("last_inbound_at", o.clock.Now())
	written := o.reply("z")
	o.flushed()
	o.wantStatus(models.Sent, written)
	o.set("last_inbound_at", at)
	o.hand.Advance(stopFor)
	o.set("last_inbound_at", at.Add(time.Second)) // a day later, still silent
	later := o.say(models.ClassReceipt, "w", &models.Template{Name: "moved", Language: "en", Values: []string{"x"}})
	o.flushed()
	o.wantStatus(models.Sent, later)
}

// A reminder to a number that nothing arrives at is not sent a second time: the visit says that it failed.
func TestAReminderDoesNotInsist(t *testing.T) {
	o := open(t)
	visit := o.booked("+447700900201")
	if err := o.db.On(context.Background()).Model(&models.Appointment{}).Where("id = ?", visit.ID).UpdateColumn("reminder_sent_at", at).Error; err != nil {
		t.Fatal(err)
	}
	o.hand.Advance(time.Second)
	m, said, err := o.thread.Say(context.Background(), thread.Outgoing{
		ConversationID: o.conv.ID, Class: models.ClassReceipt, Language: models.English, Cause: models.CauseReminder,
		Content: models.Content{Kind: models.KindText, Text: "tomorrow"}, DedupeKey: visit.ReminderKey(),
	})
	if err != nil || !said {
		t.Fatalf("say: %t, %v", said, err)
	}
	o.flushed()
	o.track(failing(m.ID, "wamid.1", "131026"))
	o.flushed()
	if got := len(o.wa.said()); got != 1 {
		t.Errorf("sent %d times, want once", got)
	}
	var after models.Appointment
	if err := o.db.On(context.Background()).Take(&after, "id = ?", visit.ID).Error; err != nil || after.Reminder.FailedAt == nil {
		t.Errorf("the visit says %+v, error %v", after.Reminder, err)
	}
}

func TestARefusedAccountIsToldOnceADay(t *testing.T) {
	o := open(t)
	o.wa.answers = []answer{refusal(131042), refusal(131042)}
	o.reply("x")
	job := o.job("running")
	for range 2 {
		wantLater(t, o.flush(job), time.Minute, 2*time.Minute)
	}
	list, err := o.Undelivered(context.Background(), at.Add(-time.Hour))
	if err != nil || len(list) != 1 || RefusedCode(list[0]) != "131042" {
		t.Errorf("got %+v, error %v; want one notice of 131042", list, err)
	}
}
