package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

var at = time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC)

func open(t *testing.T) (*Inbox, *database.DB) {
	t.Helper()
	c, _ := clock.Fixed(at)
	db := testkit.DB(t, c)
	return New(db, c, queue.New(db)), db
}

// accept stores one message event of a sender and gives its row's id.
func accept(t *testing.T, b *Inbox, db *database.DB, id, sender string) models.ID {
	t.Helper()
	fresh, err := b.Accept(context.Background(), models.ProviderWhatsApp, []Event{{ID: id, Kind: models.EventMessage, Sender: sender, Payload: []byte(`{}`)}})
	if err != nil || fresh != 1 {
		t.Fatalf("accept %s: %d fresh, error %v", id, fresh, err)
	}
	return row(t, db, id).ID
}

func row(t *testing.T, db *database.DB, eventID string) models.ProviderEvent {
	t.Helper()
	var e models.ProviderEvent
	if err := db.On(context.Background()).Where("event_id = ?", eventID).Take(&e).Error; err != nil {
		t.Fatal(err)
	}
	return e
}

// persist processes an event as its job would: again for as long as another worker has the sender.
func persist(b *Inbox, id models.ID, handle Handler) error {
	for {
		err := b.Process(context.Background(), id, handle)
		if later := (*queue.Later)(nil); !errors.As(err, &later) {
			return err
		}
	}
}

// journal notes the order in which events were handled, as an effect in the same transaction would.
type journal struct {
	mu   sync.Mutex
	seen []string
}

func (j *journal) handle(_ context.Context, e models.ProviderEvent) (string, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seen = append(j.seen, e.EventID)
	return "message", nil
}

// Two webhooks that tell the same things in another order at once lock each other out in the database;
// neither is refused for it.
func TestAcceptOfTheSameEventsInAnotherOrder(t *testing.T) {
	b, _ := open(t)
	events := make([]Event, 60)
	for i := range events {
		events[i] = Event{ID: fmt.Sprint("e", i), Kind: models.EventMessage, Sender: "+1", Payload: []byte(`{}`)}
	}
	backwards := slices.Clone(events)
	slices.Reverse(backwards)
	var wait sync.WaitGroup
	fresh := make([]int, 2)
	for i, told := range [][]Event{events, backwards} {
		wait.Go(func() {
			n, err := b.Accept(context.Background(), models.ProviderWhatsApp, told)
			if err != nil {
				t.Error(err)
			}
			fresh[i] = n
		})
	}
	wait.Wait()
	if got := fresh[0] + fresh[1]; got != len(events) {
		t.Errorf("%d events counted as new, want %d", got, len(events))
	}
}

func TestAcceptStoresOnceWithItsJob(t *testing.T) {
	b, db := open(t)
	ctx := context.Background()
	events := []Event{
		{ID: "a", Kind: models.EventMessage, Sender: "+1", Payload: []byte(`{"text":"مرحبا"}`)},
		{ID: "b", Kind: models.EventStatus, Sender: "+1", Payload: []byte(`{}`)},
		{ID: "a", Kind: models.EventMessage, Sender: "+1", Payload: []byte(`{}`)},
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 5 {
		wait.Go(func() {
			fresh, err := b.Accept(ctx, models.ProviderWhatsApp, events)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			total += fresh
		})
	}
	wait.Wait()
	if total != 2 {
		t.Errorf("%d events were new, want 2", total)
	}
	if got := len(testkit.Jobs(t, db, "inbox.event")); got != 2 {
		t.Errorf("%d jobs, want 2", got)
	}
	e := row(t, db, "a")
	if string(e.Payload) != `{"text": "مرحبا"}` || !e.ReceivedAt.Equal(at) || e.ProcessedAt != nil || e.Sender != "+1" {
		t.Errorf("got %+v", e)
	}
	if fresh, err := b.Accept(ctx, models.ProviderStripe, []Event{{ID: "a", Kind: "checkout.session.completed", Payload: []byte(`{}`)}}); err != nil || fresh != 1 {
		t.Errorf("the same id of another provider: %d fresh, error %v", fresh, err)
	}
	if got := len(testkit.Jobs(t, db, "payment.event")); got != 1 {
		t.Errorf("%d payment jobs, want 1", got)
	}
	if fresh, err := b.Accept(ctx, models.ProviderWhatsApp, nil); err != nil || fresh != 0 {
		t.Errorf("nothing: %d fresh, error %v", fresh, err)
	}
}

// A delivery status waits for nothing else of its sender, and nothing else waits for it.
func TestAStatusIsBoundToNoOrder(t *testing.T) {
	b, db := open(t)
	ctx := context.Background()
	said := accept(t, b, db, "said", "+1")
	for _, id := range []string{"sent", "delivered"} {
		if _, err := b.Accept(ctx, models.ProviderWhatsApp, []Event{{ID: id, Kind: models.EventStatus, Sender: "+1", Payload: []byte(`{}`)}}); err != nil {
			t.Fatal(err)
		}
	}
	var seen journal
	err := b.Process(ctx, row(t, db, "sent").ID, func(_ context.Context, e models.ProviderEvent) (string, error) {
		for _, other := range []models.ID{row(t, db, "delivered").ID, said} { // both while "sent" is being processed
			if err := b.Process(ctx, other, seen.handle); err != nil {
				t.Errorf("beside a status: %v", err)
			}
		}
		return seen.handle(ctx, e)
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"delivered", "said", "sent"}; !slices.Equal(seen.seen, want) {
		t.Errorf("processed %q, want %q", seen.seen, want)
	}
}

func TestAcceptIsAllOrNothing(t *testing.T) {
	b, db := open(t)
	_, err := b.Accept(context.Background(), models.ProviderWhatsApp, []Event{
		{ID: "a", Kind: models.EventMessage, Payload: []byte(`{}`)},
		{ID: "b", Kind: models.EventMessage, Payload: []byte(`not json`)},
	})
	if err == nil {
		t.Fatal("an event that cannot be stored was acknowledged")
	}
	var n int64
	if err := db.On(context.Background()).Model(&models.ProviderEvent{}).Count(&n).Error; err != nil || n != 0 {
		t.Errorf("%d events stored, error %v", n, err)
	}
	if got := len(testkit.Jobs(t, db, "inbox.event")); got != 0 {
		t.Errorf("%d jobs, want none", got)
	}
}

func TestProcessMarksTheEventWithItsEffect(t *testing.T) {
	b, db := open(t)
	ctx := context.Background()
	id := accept(t, b, db, "a", "+1")
	effect := func(ctx context.Context, e models.ProviderEvent) (string, error) {
		if !database.InTransaction(ctx) {
			t.Error("handled outside a transaction")
		}
		return "message", db.On(ctx).Exec("INSERT INTO settings VALUES ('x', '1', now(), 'test')").Error
	}
	if err := b.Process(ctx, id, effect); err != nil {
		t.Fatal(err)
	}
	if e := row(t, db, "a"); e.ProcessedAt == nil || !e.ProcessedAt.Equal(at) || e.Outcome != "message" {
		t.Errorf("got %v %q", e.ProcessedAt, e.Outcome)
	}
	again := func(context.Context, models.ProviderEvent) (string, error) {
		t.Error("handled twice")
		return "", nil
	}
	if err := b.Process(ctx, id, again); err != nil {
		t.Error(err)
	}
	if err := b.Process(ctx, models.NewID(), again); err != nil {
		t.Errorf("an event that is gone: %v", err)
	}
}

func TestAFailureUndoesTheEffectAndIsCounted(t *testing.T) {
	b, db := open(t)
	ctx := context.Background()
	id := accept(t, b, db, "a", "+1")
	broken := errors.New("broken")
	err := b.Process(ctx, id, func(ctx context.Context, _ models.ProviderEvent) (string, error) {
		if err := db.On(ctx).Exec("INSERT INTO settings VALUES ('x', '1', now(), 'test')").Error; err != nil {
			t.Fatal(err)
		}
		return "", broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	var n int64
	if err := db.On(ctx).Model(&models.Setting{}).Count(&n).Error; err != nil || n != 0 {
		t.Errorf("%d effects left, error %v", n, err)
	}
	if e := row(t, db, "a"); e.ProcessedAt != nil || e.Failures != 1 {
		t.Errorf("got processed %v, %d failures", e.ProcessedAt, e.Failures)
	}
}

func TestEventsOfOneSenderAreTakenInOrder(t *testing.T) {
	b, db := open(t)
	for round := range 10 {
		ids := map[string][]models.ID{}
		for i := range 20 {
			for s := range 5 {
				sender := fmt.Sprintf("+%d%d", round, s)
				ids[sender] = append(ids[sender], accept(t, b, db, fmt.Sprintf("%s/%02d", sender, i), sender))
			}
		}
		var j journal
		var wait sync.WaitGroup
		slots := make(chan struct{}, 12) // as many as a process has workers
		start := time.Now()
		for s := range ids {
			for _, id := range slices.Backward(ids[s]) { // the last job first
				wait.Go(func() {
					slots <- struct{}{}
					defer func() { <-slots }()
					if err := persist(b, id, j.handle); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wait.Wait()
		t.Logf("round %d: 100 events in %s", round, time.Since(start).Round(time.Millisecond))
		if len(j.seen) != 100 {
			t.Fatalf("%d events handled, want 100 once each", len(j.seen))
		}
		last := map[string]string{}
		for _, id := range j.seen {
			if sender := id[:3]; id <= last[sender] {
				t.Errorf("%s after %s", id, last[sender])
			} else {
				last[sender] = id
			}
		}
	}
}

// A worker does not wait for a sender whom another one has, and nobody else's events wait either. The
// event is not lost: its job comes back.
func TestABusySenderIsLeftToTheOther(t *testing.T) {
	b, db := open(t)
	ctx := context.Background()
	first, second, other := accept(t, b, db, "a", "+1"), accept(t, b, db, "b", "+1"), accept(t, b, db, "c", "+2")
	var j journal
	err := b.Process(ctx, first, func(own context.Context, e models.ProviderEvent) (string, error) {
		later := (*queue.Later)(nil)
		if err := b.Process(ctx, second, j.handle); !errors.As(err, &later) || later.After <= 0 || later.After > time.Second {
			t.Errorf("the sender's next event: %v, want a short Later", err)
		}
		if err := b.Process(ctx, other, j.handle); err != nil {
			t.Errorf("another sender's event: %v", err)
		}
		return j.handle(own, e)
	})
	if err != nil {
		t.Fatal(err)
	}
	if e := row(t, db, "b"); e.Failures != 0 || e.ProcessedAt != nil {
		t.Errorf("the event that was left has %d failures, processed %v", e.Failures, e.ProcessedAt)
	}
	if err := b.Process(ctx, second, j.handle); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(j.seen), "[c a b]"; got != want {
		t.Errorf("handled %s, want %s", got, want)
	}
}

func TestTheSameEventTwentyTimesAtOnceIsHandledOnce(t *testing.T) {
	b, db := open(t)
	id := accept(t, b, db, "a", "+1")
	var j journal
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if err := persist(b, id, j.handle); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if len(j.seen) != 1 {
		t.Errorf("handled %d times", len(j.seen))
	}
}

func TestAFailingEventHoldsBackItsSenderAlone(t *testing.T) {
	b, db := open(t)
	ctx := context.Background()
	bad, good, other := accept(t, b, db, "bad", "+1"), accept(t, b, db, "good", "+1"), accept(t, b, db, "other", "+2")
	loose, looser := accept(t, b, db, "loose", ""), accept(t, b, db, "looser", "")
	var j journal
	poison := func(ctx context.Context, e models.ProviderEvent) (string, error) {
		if e.EventID == "bad" || e.EventID == "loose" {
			return "", errors.New("poison")
		}
		return j.handle(ctx, e)
	}
	for i := range maxFailures - 1 {
		if err := b.Process(ctx, good, poison); err == nil {
			t.Fatalf("try %d: the later message passed the failing one", i)
		}
	}
	if err := b.Process(ctx, loose, poison); err == nil {
		t.Error("a failing event without a sender reported no failure")
	}
	for _, id := range []models.ID{other, looser} {
		if err := b.Process(ctx, id, poison); err != nil {
			t.Errorf("held back by somebody else's failure: %v", err)
		}
	}
	if err := b.Process(ctx, good, poison); err != nil {
		t.Errorf("try %d: %v", maxFailures, err)
	}
	if want := []string{"other", "looser", "good"}; !slices.Equal(j.seen, want) {
		t.Errorf("handled %v, want %v", j.seen, want)
	}
	if e := row(t, db, "bad"); e.Outcome != OutcomeFailed || e.ProcessedAt == nil || e.Failures != maxFailures {
		t.Errorf("got %q, processed %v, %d failures", e.Outcome, e.ProcessedAt, e.Failures)
	}
	if err := b.Process(ctx, bad, poison); err == nil {
		t.Error("the job of an event that was given up must end as a dead letter, not as done")
	}
	if err := b.Process(ctx, bad, j.handle); err != nil {
		t.Errorf("requeued after a repair: %v", err)
	}
	if e := row(t, db, "bad"); e.Outcome != "message" {
		t.Errorf("after a repair: outcome %q", e.Outcome)
	}
	if err := b.Process(ctx, bad, poison); err != nil {
		t.Errorf("settled, and handled again: %v", err)
	}
}

func TestPanicsAndOtherPeoplesTrouble(t *testing.T) {
	b, db := open(t)
	id := accept(t, b, db, "a", "+1")
	err := b.Process(context.Background(), id, func(context.Context, models.ProviderEvent) (string, error) { panic("Noor says hello") })
	if err == nil || row(t, db, "a").Failures != 1 {
		t.Errorf("a panic: error %v, %d failures", err, row(t, db, "a").Failures)
	}
	if err != nil && err.Error() != "process message event: handler panicked with a string" {
		t.Errorf("the error repeats what was said: %v", err)
	}
	for name, trouble := range map[string]string{
		"deadlock":          "40P01",
		"lock time-out":     "55P03",
		"statement timeout": "57014",
		"server stopping":   "57P01",
	} {
		err := b.Process(context.Background(), id, func(ctx context.Context, _ models.ProviderEvent) (string, error) {
			return "", db.On(ctx).Exec(fmt.Sprintf("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '%s'; END $$", trouble)).Error
		})
		if err == nil || row(t, db, "a").Failures != 1 {
			t.Errorf("%s: error %v, %d failures, want it not counted", name, err, row(t, db, "a").Failures)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	err = b.Process(ctx, id, func(context.Context, models.ProviderEvent) (string, error) {
		stop()
		return "", context.Canceled
	})
	if err == nil || row(t, db, "a").Failures != 1 {
		t.Errorf("a stopping program: error %v, %d failures", err, row(t, db, "a").Failures)
	}
}

func TestPayloadsKeepBigNumbers(t *testing.T) {
	b, db := open(t)
	payload := `{"id": 1234567890123456789}`
	if _, err := b.Accept(context.Background(), models.ProviderWhatsApp, []Event{{ID: "n", Kind: "other", Payload: json.RawMessage(payload)}}); err != nil {
		t.Fatal(err)
	}
	if got := string(row(t, db, "n").Payload); got != payload {
		t.Errorf("got %s", got)
	}
}
