package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/testkit"
	"frontdesk/internal/whatsapp"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

func TestFlushSendsInOrder(t *testing.T) {
	o := open(t)
	ids := []models.ID{o.reply("one"), o.reply("two"), o.say(models.ClassReceipt, "three", nil)}
	o.hand.Advance(time.Minute)
	o.flushed()
	if got, want := o.wa.said(), []string{"one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	o.wantStatus(models.Sent, ids...)
	first := o.message(ids[0])
	if first.ProviderID == nil || *first.ProviderID != "wamid.1" || first.JobID != nil || first.SendingSince != nil || first.Attempts != 1 {
		t.Errorf("got %+v", first)
	}
	if first.SentAt == nil || !first.SentAt.Equal(at.Add(time.Minute)) {
		t.Errorf("sent at %v, want business time", first.SentAt)
	}
	if o.wa.calls[0].Reference != ids[0].String() || o.wa.calls[0].To != "447700900101" {
		t.Errorf("got reference %q to %q", o.wa.calls[0].Reference, o.wa.calls[0].To)
	}
	o.flushed()
	if err := o.Flush(context.Background(), models.NewID(), 1); err != nil {
		t.Errorf("a conversation that is gone: %v", err)
	}
	if len(o.wa.calls) != 3 {
		t.Errorf("%d calls, want 3", len(o.wa.calls))
	}
}

func TestManyFlushesAtOnceSendEverythingOnce(t *testing.T) {
	o := open(t)
	for round := range 10 {
		var want []string
		for i := range 6 {
			want = append(want, fmt.Sprintf("%d.%d", round, i))
			o.reply(want[i])
		}
		jobs := []int64{o.job("running"), o.job("running"), o.job("running"), o.job("running")}
		sent := len(o.wa.said())
		start := time.Now()
		var wait sync.WaitGroup
		for _, job := range jobs {
			wait.Go(func() {
				if err := o.Flush(context.Background(), o.conv.ID, job); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		t.Logf("round %d: four flushes in %s", round, time.Since(start).Round(time.Millisecond))
		if got := o.wa.said()[sent:]; !slices.Equal(got, want) {
			t.Fatalf("round %d: got %v, want %v", round, got, want)
		}
	}
}

// A turn that sends its own answer is no flush when it is run again: the flush behind it waits for the
// outcome, and sends what the turn left behind.
func TestAFlushStaysWhileATurnSends(t *testing.T) {
	o := open(t)
	id := o.reply("one")
	turn, flush := o.jobOf(queue.ChatTurn{}.Kind(), "running"), o.job("running")
	if _, err := o.take(context.Background(), o.conv.ID, turn); err != nil {
		t.Fatal(err)
	}
	wantLater(t, o.flush(flush), watchPause, watchPause)
	o.age(id, grace)
	wantLater(t, o.flush(flush), watchPause, watchPause)
	o.dead(turn)
	if err := o.flush(flush); err != nil {
		t.Fatal(err)
	}
	if got, want := o.wa.said(), []string{"one"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	o.wantStatus(models.Sent, id)
}

func TestKilledBeforeTheCall(t *testing.T) {
	o := open(t)
	ctx := context.Background()
	id, next := o.reply("one"), o.reply("two")
	killed := o.job("running")
	if _, err := o.take(ctx, o.conv.ID, killed); err != nil {
		t.Fatal(err)
	}
	o.wantStatus(models.Sending, id)

	if err := o.flush(o.job("running")); err != nil || len(o.wa.calls) != 0 {
		t.Fatalf("a message of a live job was touched: %v, %d calls", err, len(o.wa.calls))
	}
	o.dead(killed)
	for _, job := range []int64{killed, o.job("running")} {
		wantLater(t, o.flush(job), grace/4, grace)
	}
	if len(o.wa.calls) != 0 {
		t.Fatalf("sent again before the grace was over")
	}
	o.age(id, grace)
	o.flushed()
	if got, want := o.wa.said(), []string{"one", "two"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	o.wantStatus(models.Sent, id, next)
	if got := o.message(id).Attempts; got != 2 {
		t.Errorf("%d attempts, want 2", got)
	}
}

func TestKilledAfterTheCall(t *testing.T) {
	o := open(t)
	ctx := context.Background()
	id, next := o.reply("one"), o.reply("two")
	killed := o.job("running")
	taken, err := o.take(ctx, o.conv.ID, killed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := taken.send(ctx); err != nil {
		t.Fatal(err)
	}
	o.dead(killed)
	wantLater(t, o.flush(o.job("running")), grace/4, grace)
	before := len(testkit.Jobs(t, o.db, "notify.flush"))

	status := models.DeliveryStatus{ProviderID: "wamid.1", Status: models.Delivered, MessageID: id.String()}
	if got := o.track(status); got != "delivered" {
		t.Errorf("outcome %q", got)
	}
	if got := len(testkit.Jobs(t, o.db, "notify.flush")) - before; got != 1 {
		t.Errorf("%d new flush jobs, want one for what waited", got)
	}
	o.flushed()
	if got, want := o.wa.said(), []string{"one", "two"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	o.wantStatus(models.Delivered, id)
	o.wantStatus(models.Sent, next)
	if got := o.message(id); got.ProviderID == nil || *got.ProviderID != "wamid.1" || got.SentAt == nil {
		t.Errorf("got %+v", got)
	}
}

func TestAJobThatHangsIsNotWaitedForForEver(t *testing.T) {
	o := open(t)
	id := o.reply("one")
	if _, err := o.take(context.Background(), o.conv.ID, o.job("running")); err != nil {
		t.Fatal(err)
	}
	o.age(id, maxInFlight+time.Second)
	o.flushed()
	o.wantStatus(models.Sent, id)
}

func TestStoppedWhileTheCallIsOpen(t *testing.T) {
	o := open(t)
	id, next := o.reply("one"), o.reply("two")
	ctx, stop := context.WithCancel(context.Background())
	job := o.job("running")
	o.wa.answers = []answer{{before: func(whatsapp.Message) { stop() }, status: 500}}
	err := o.Flush(ctx, o.conv.ID, job)
	wantLater(t, err, grace, grace)
	o.wantStatus(models.Sending, id)
	o.wantStatus(models.Queued, next)
	o.dead(job)
	o.age(id, grace)
	o.flushed()
	o.wantStatus(models.Sent, id, next)
}

func TestAStatusMayBeFasterThanTheAnswer(t *testing.T) {
	o := open(t)
	id := o.reply("one")
	var flushJobs int
	o.wa.answers = []answer{{before: func(m whatsapp.Message) {
		flushJobs = len(testkit.Jobs(t, o.db, "notify.flush"))
		o.track(models.DeliveryStatus{ProviderID: "wamid.1", Status: models.Read, MessageID: m.Reference})
	}}}
	o.flushed()
	o.wantStatus(models.Read, id)
	if got := o.message(id); got.ProviderID == nil || *got.ProviderID != "wamid.1" || got.JobID != nil {
		t.Errorf("got %+v", got)
	}
	if got := len(testkit.Jobs(t, o.db, "notify.flush")); got != flushJobs {
		t.Errorf("%d flush jobs too many: the one at work goes on by itself", got-flushJobs)
	}
}

func TestOrderIsKeptUnderTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		trouble     answer
		least, most time.Duration
		status      models.MessageStatus
	}{
		"429":     {answer{status: 429}, 5 * time.Second, 7 * time.Second, models.Queued},
		"pair":    {refusal(131056), 6 * time.Second, 8 * time.Second, models.Queued},
		"token":   {answer{status: 401, body: `{"error":{"code":190}}`}, time.Minute, 80 * time.Second, models.Queued},
		"500":     {answer{status: 500}, grace, grace, models.Sending},
		"garbage": {answer{status: 200, body: "<html>"}, grace, grace, models.Sending},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			o.wa.answers = []answer{{}, c.trouble, c.trouble, {}}
			ids := []models.ID{o.reply("one"), o.reply("two"), o.reply("three")}
			job := o.job("running")
			wantLater(t, o.flush(job), c.least, c.most)
			o.wantStatus(models.Sent, ids[0])
			o.wantStatus(c.status, ids[1])
			o.wantStatus(models.Queued, ids[2])
			if c.status == models.Sending {
				o.age(ids[1], grace)
				wantLater(t, o.flush(job), 2*grace, 2*grace) // the doubt grows
				o.age(ids[1], 2*grace)
			} else {
				wantLater(t, o.flush(job), c.least, c.most)
			}
			if err := o.flush(job); err != nil {
				t.Fatal(err)
			}
			o.wantStatus(models.Sent, ids...)
			if got, want := o.wa.said(), []string{"one", "two", "two", "two", "three"}; !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if got := o.message(ids[1]); got.ErrorCode != "" || got.ErrorDetail != "" {
				t.Errorf("old trouble stays: %s %s", got.ErrorCode, got.ErrorDetail)
			}
		})
	}
}

func TestWhatsAppDownForLongLosesNothing(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, wa: &double{}, counted: map[string]int{}}
	o.wire("http://" + address)
	ids := []models.ID{o.reply("one"), o.reply("two")}
	job := o.job("running")
	for range 40 { // more than any job has attempts, and enough to open the breaker
		var later *queue.Later
		if err := o.flush(job); !errors.As(err, &later) || later.After <= 0 || later.After > maxPause*5/4 {
			t.Fatalf("got %v, want a bounded pause", err)
		}
	}
	o.wantStatus(models.Queued, ids...)
	if listener, err = net.Listen("tcp", address); err != nil {
		t.Skipf("the port was taken meanwhile: %v", err)
	}
	server := httptest.NewUnstartedServer(o.wa)
	server.Listener = listener
	server.Start()
	defer server.Close()
	testkit.Eventually(t, time.Minute, "the breaker lets a call through", func() bool { return o.flush(job) == nil })
	o.wantStatus(models.Sent, ids...)
	if got, want := o.wa.said(), []string{"one", "two"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPausesGrow(t *testing.T) {
	last := time.Duration(0)
	for attempts := 1; attempts <= 7; attempts++ {
		got := pause(attempts, 0)
		least := min(time.Second<<(attempts-1), maxPause)
		if got < least || got > least*5/4 || got < last {
			t.Errorf("after %d attempts %s, want %s and up to a quarter more", attempts, got, least)
		}
		last = least
	}
	if got := pause(1000, 0); got < maxPause || got > maxPause*5/4 {
		t.Errorf("after a thousand attempts %s", got)
	}
	if got := pause(1, 10*time.Minute); got < 10*time.Minute {
		t.Errorf("WhatsApp asked for ten minutes, got %s", got)
	}
}

func TestRejectedMessagesGiveWay(t *testing.T) {
	o := open(t)
	o.wa.answers = []answer{refusal(131053)} // of this message alone, not of its number
	bad, good := o.reply("one"), o.reply("two")
	unfit := o.say(models.ClassReceipt, "", nil)
	o.flushed()
	o.wantStatus(models.Failed, bad, unfit)
	o.wantStatus(models.Sent, good)
	if got := o.message(bad); got.ErrorCode != "131053" || got.ErrorDetail != "why" {
		t.Errorf("got %q %q", got.ErrorCode, got.ErrorDetail)
	}
	if got := o.message(unfit); got.ErrorCode != CodeUnfit {
		t.Errorf("got %q", got.ErrorCode)
	}
	notices := o.notices(EventMessageFailed)
	if len(notices) != 2 || notices[0].MessageID == nil || *notices[0].MessageID != bad || notices[0].Channel != models.ChannelConsole {
		t.Errorf("got notices %+v", notices)
	}
	if got := o.count(CountFailed); got != 2 {
		t.Errorf("counted %d failures, want 2", got)
	}
}

func TestHumanModeSilencesRepliesAlone(t *testing.T) {
	o := open(t)
	until := at.Add(time.Hour)
	queuedBefore := o.reply("before")
	o.set("human_until", until) // staff take over before it is sent
	silenced := o.reply("reply")
	spoken := []models.ID{
		o.say(models.ClassReceipt, "receipt", nil), o.say(models.ClassHandoff, "handoff", nil),
		o.say(models.ClassStaff, "staff", nil), o.say(models.ClassNotice, "notice", nil),
	}
	o.flushed()
	o.wantStatus(models.Suppressed, queuedBefore, silenced)
	o.wantStatus(models.Sent, spoken...)
	if got, want := o.wa.said(), []string{"receipt", "handoff", "staff", "notice"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	o.hand.Set(until)
	after := o.reply("after")
	o.flushed()
	o.wantStatus(models.Sent, after)
}

func TestAMessageInDoubtIsNotRepeatedOverStaff(t *testing.T) {
	o := open(t)
	o.wa.answers = []answer{{status: 500}}
	id := o.reply("one")
	job := o.job("running")
	wantLater(t, o.flush(job), grace, grace)
	o.dead(job)
	o.set("human_until", at.Add(time.Hour))
	o.age(id, grace)
	o.flushed()
	o.wantStatus(models.Suppressed, id)
	o.track(models.DeliveryStatus{ProviderID: "wamid.1", Status: models.Delivered, MessageID: id.String()})
	o.wantStatus(models.Delivered, id) // it had gone after all, and staff see it
}

func TestOutsideTheWindowOnlyTemplatesGo(t *testing.T) {
	template := &models.Template{Name: "booking_confirmed", Language: "en", Values: []string{"Noor"}}
	day := 24 * time.Hour
	for _, c := range []struct {
		name     string
		last     any
		template *models.Template
		say      string // "" for nothing
	}{
		{"inside", at.Add(-day + time.Minute), nil, "words"},
		{"inside, template not needed", at.Add(-day + time.Minute), template, "words"},
		{"in the margin", at.Add(-day + 29*time.Second), nil, ""},
		{"in the margin, template", at.Add(-day + 29*time.Second), template, "[booking_confirmed]"},
		{"outside", at.Add(-day), nil, ""},
		{"outside, template", at.Add(-48 * time.Hour), template, "[booking_confirmed]"},
		{"never wrote", nil, nil, ""},
		{"never wrote, template", nil, template, "[booking_confirmed]"},
		{"the clock went back", at.Add(time.Hour), nil, "words"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t)
			o.set("last_inbound_at", c.last)
			id := o.say(models.ClassReceipt, "words", c.template)
			o.flushed()
			if c.say == "" {
				o.wantStatus(models.Failed, id)
				if got := o.message(id).ErrorCode; got != CodeWindow || len(o.wa.calls) != 0 {
					t.Errorf("code %q, %d calls", got, len(o.wa.calls))
				}
				if len(o.notices(EventMessageFailed)) != 1 {
					t.Error("nobody was told")
				}
				return
			}
			o.wantStatus(models.Sent, id)
			if got := o.wa.said(); !slices.Equal(got, []string{c.say}) {
				t.Errorf("got %v, want %s", got, c.say)
			}
		})
	}
}

func TestWhatsAppsWordOnTheWindowCounts(t *testing.T) {
	o := open(t)
	o.wa.answers = []answer{refusal(131047), {}, refusal(131047)}
	with := o.say(models.ClassReceipt, "one", &models.Template{Name: "moved", Language: "en"})
	without := o.reply("two")
	o.flushed()
	o.wantStatus(models.Sent, with)
	o.wantStatus(models.Failed, without)
	if got, want := o.wa.said(), []string{"one", "[moved]", "two"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	o.wa.answers = []answer{refusal(131047), refusal(131047)}
	refused := o.say(models.ClassReceipt, "three", &models.Template{Name: "moved", Language: "en"})
	o.flushed()
	o.wantStatus(models.Failed, refused) // a template that is refused as well is not tried for ever
}

func TestAnotherChannelIsNotConnected(t *testing.T) {
	o := open(t)
	if err := o.db.On(context.Background()).Model(&o.contact).UpdateColumn("channel", models.ChannelChatwoot).Error; err != nil {
		t.Fatal(err)
	}
	id := o.reply("one")
	o.flushed()
	if got := o.message(id); got.Status != models.Failed || got.ErrorCode != CodeChannel {
		t.Errorf("got %s %s", got.Status, got.ErrorCode)
	}
}

func TestNothingIsSentInsideATransaction(t *testing.T) {
	o := open(t)
	o.reply("one")
	err := o.db.InTx(context.Background(), func(ctx context.Context) error {
		return o.Flush(ctx, o.conv.ID, o.job("running"))
	})
	if err == nil || len(o.wa.calls) != 0 {
		t.Errorf("got %v after %d calls", err, len(o.wa.calls))
	}
}
