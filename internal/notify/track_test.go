package notify

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// sent gives a message that has left, and the way its statuses name it.
func (o *office) sent(text string) (models.ID, models.DeliveryStatus) {
	o.t.Helper()
	id := o.reply(text)
	o.flushed()
	return id, models.DeliveryStatus{ProviderID: *o.message(id).ProviderID}
}

func as(d models.DeliveryStatus, s models.MessageStatus) models.DeliveryStatus {
	d.Status = s
	if s == models.Failed {
		d.ErrorCode, d.ErrorDetail = "131053", "undeliverable"
	}
	return d
}

func TestStatusesInAnyOrderNeverLowerTheTick(t *testing.T) {
	o := open(t)
	words := []models.MessageStatus{models.Sent, models.Delivered, models.Read}
	for a := range 3 {
		for b := range 3 {
			for c := range 3 {
				name := fmt.Sprintf("%s %s %s", words[a], words[b], words[c])
				id, d := o.sent(name)
				highest := models.Sent
				for n, i := range []int{a, b, c, c} { // the last one twice
					news := as(d, words[i])
					if n < 3 {
						news.MessageID = id.String() // as WhatsApp echoes it
					}
					o.track(news)
					if words[i].Rank() > highest.Rank() {
						highest = words[i]
					}
					if got := o.message(id).Status; got != highest {
						t.Errorf("%s: got %s after %s, want %s", name, got, words[i], highest)
					}
				}
			}
		}
	}
	if got := len(o.notices(EventMessageFailed)); got != 0 {
		t.Errorf("%d notices of failures", got)
	}
}

func TestTimesOfDelivery(t *testing.T) {
	o := open(t)
	id, d := o.sent("x")
	o.hand.Advance(time.Minute)
	o.track(as(d, models.Read))
	o.hand.Advance(time.Minute)
	o.track(as(d, models.Delivered)) // late, and still worth knowing
	o.hand.Advance(time.Minute)
	o.track(as(d, models.Read))
	m := o.message(id)
	if !m.SentAt.Equal(at) || !m.ReadAt.Equal(at.Add(time.Minute)) || m.DeliveredAt == nil || !m.DeliveredAt.Equal(at.Add(2*time.Minute)) {
		t.Errorf("sent %v delivered %v read %v", m.SentAt, m.DeliveredAt, m.ReadAt)
	}
}

func TestFailuresAreToldOnceAndFinal(t *testing.T) {
	o := open(t)
	id, d := o.sent("x")
	if got := o.track(as(d, models.Failed)); got != "failed" {
		t.Errorf("outcome %q", got)
	}
	for _, late := range []models.MessageStatus{models.Failed, models.Sent, models.Delivered} {
		if got := o.track(as(d, late)); got != OutcomeStale {
			t.Errorf("%s after the failure: outcome %q", late, got)
		}
	}
	m := o.message(id)
	if m.Status != models.Failed || m.ErrorCode != "131053" || m.ErrorDetail != "undeliverable" {
		t.Errorf("got %s %q %q", m.Status, m.ErrorCode, m.ErrorDetail)
	}
	if got := o.notices(EventMessageFailed); len(got) != 1 || o.count(CountFailed) != 1 {
		t.Errorf("%d notices, counted %d", len(got), o.count(CountFailed))
	}

	arrived, d := o.sent("y")
	o.track(as(d, models.Delivered))
	if got := o.track(as(d, models.Failed)); got != OutcomeStale {
		t.Errorf("a failure of what arrived: outcome %q", got)
	}
	o.wantStatus(models.Delivered, arrived)
}

func TestTwentyStatusesAtOnce(t *testing.T) {
	o := open(t)
	id, d := o.sent("x")
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			o.track(as(d, []models.MessageStatus{models.Sent, models.Delivered, models.Read, models.Delivered}[i%4]))
		})
	}
	wait.Wait()
	o.wantStatus(models.Read, id)
}

func TestStatusesOfStrangers(t *testing.T) {
	o := open(t)
	inbound, _, err := o.thread.Receive(context.Background(), o.conv, models.InboundMessage{ProviderID: "wamid.in", Content: models.Content{Kind: models.KindText, Text: "hi"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]models.DeliveryStatus{
		"unknown":                {ProviderID: "wamid.nobody", Status: models.Read},
		"somebody else's echo":   {ProviderID: "wamid.nobody", Status: models.Read, MessageID: "order-77"},
		"an id that is gone":     {ProviderID: "wamid.nobody", Status: models.Read, MessageID: models.NewID().String()},
		"a message to us":        {ProviderID: "wamid.in", Status: models.Read},
		"a message to us by id":  {ProviderID: "wamid.x", Status: models.Read, MessageID: inbound.ID.String()},
		"nothing that names one": {Status: models.Read},
	} {
		if got := o.track(d); got != OutcomeUnknown {
			t.Errorf("%s: outcome %q", name, got)
		}
	}
	if _, err := o.Track(context.Background(), models.ProviderEvent{Payload: []byte(`[]`)}); err == nil {
		t.Error("a payload that is no status was taken")
	}
}

func TestTheEchoFindsAMessageThatWasSentTwice(t *testing.T) {
	o := open(t)
	o.wa.answers = []answer{{status: 500}}
	id := o.reply("x")
	job := o.job("running")
	wantLater(t, o.flush(job), grace, grace)
	o.age(id, grace)
	if err := o.flush(job); err != nil {
		t.Fatal(err)
	}
	first := models.DeliveryStatus{ProviderID: "wamid.lost", MessageID: id.String()}
	if got := o.track(as(first, models.Delivered)); got != "delivered" {
		t.Errorf("outcome %q", got)
	}
	if got := *o.message(id).ProviderID; got != "wamid.2" {
		t.Errorf("provider id %q was replaced", got)
	}
	if got := o.track(as(models.DeliveryStatus{ProviderID: "wamid.2"}, models.Read)); got != "read" {
		t.Errorf("outcome %q", got)
	}
}

func TestAStatusOfAQueuedMessageSendsItNoMore(t *testing.T) {
	o := open(t)
	o.wa.answers = []answer{{status: 429}}
	id := o.reply("x")
	wantLater(t, o.flush(o.job("running")), 5*time.Second, 7*time.Second)
	before := len(testkit.Jobs(t, o.db, "notify.flush"))
	o.track(models.DeliveryStatus{ProviderID: "wamid.1", Status: models.Sent, MessageID: id.String()})
	if got := len(testkit.Jobs(t, o.db, "notify.flush")) - before; got != 1 {
		t.Errorf("%d new flush jobs, want 1", got)
	}
	o.flushed()
	o.wantStatus(models.Sent, id)
	if len(o.wa.calls) != 1 {
		t.Errorf("%d calls, want 1", len(o.wa.calls))
	}
}
