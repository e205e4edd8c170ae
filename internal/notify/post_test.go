package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/internal/whatsapp"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

var at = time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC) // 10:00 in Madrid

const grace = 20 * time.Second

// answer is what the double says to one call; status 0 stands for 200 with a fresh id.
type answer struct {
	status int
	body   string
	before func(m whatsapp.Message) // runs while the call is open
}

// double is a WhatsApp that says what it is told to and remembers what it was sent.
type double struct {
	mu      sync.Mutex
	calls   []whatsapp.Message
	answers []answer // one a call; then all is well
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m whatsapp.Message
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		w.WriteHeader(400)
		return
	}
	d.mu.Lock()
	d.calls = append(d.calls, m)
	n, now := len(d.calls), answer{}
	if len(d.answers) > 0 {
		now, d.answers = d.answers[0], d.answers[1:]
	}
	d.mu.Unlock()
	if now.before != nil {
		now.before(m)
	}
	if now.status != 0 {
		w.WriteHeader(now.status)
		fmt.Fprint(w, now.body)
		return
	}
	fmt.Fprintf(w, `{"messages":[{"id":"wamid.%d"}]}`, n)
}

// said are the texts the double was sent, template names in brackets.
func (d *double) said() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for _, m := range d.calls {
		switch {
		case m.Text != nil:
			out = append(out, m.Text.Body)
		case m.Template != nil:
			out = append(out, "["+m.Template.Name+"]")
		case m.Interactive != nil:
			out = append(out, m.Interactive.Body.Text)
		}
	}
	return out
}

func refusal(code int) answer {
	return answer{status: 400, body: fmt.Sprintf(`{"error":{"code":%d,"error_data":{"details":"why"}}}`, code)}
}

// office is a post room on its own database with one customer's conversation.
type office struct {
	*Post
	t       *testing.T
	db      *database.DB
	hand    *clock.Hand
	wa      *double
	contact models.Contact
	conv    models.Conversation
	mu      sync.Mutex
	counted map[string]int
}

func open(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, wa: &double{}, counted: map[string]int{}}
	server := httptest.NewServer(o.wa)
	t.Cleanup(server.Close)
	o.wire(server.URL)
	return o
}

// wire puts the office on a database of its own and a WhatsApp at the URL.
func (o *office) wire(url string) {
	o.t.Helper()
	c, hand := clock.Fixed(at)
	o.hand, o.db = hand, testkit.DB(o.t, c)
	q, redis := queue.New(o.db), testkit.Redis(o.t)
	catalogue, err := i18n.Load()
	if err != nil {
		o.t.Fatal(err)
	}
	people, th := customers.New(o.db, c), thread.New(o.db, c, q, redis)
	client := whatsapp.New(whatsapp.Config{BaseURL: url, PhoneID: "1", Token: "t", Timeout: 2 * time.Second, BreakerFailures: 5, BreakerPause: time.Millisecond})
	count := func(name string) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.counted[name]++
	}
	o.Post = New(o.db, c, q, th, content.New(o.db, catalogue, c), settings.New(o.db, c), client, redis,
		WithGrace(grace), WithCounter(count))
	ctx := context.Background()
	if o.contact, err = people.Contact(ctx, models.ChannelWhatsApp, "+447700900101", "Noor"); err != nil {
		o.t.Fatal(err)
	}
	if o.conv, err = th.Of(ctx, o.contact, models.English); err != nil {
		o.t.Fatal(err)
	}
	o.set("last_inbound_at", at)
}

// set writes a column of the conversation.
func (o *office) set(column string, value any) {
	o.t.Helper()
	if err := o.db.On(context.Background()).Model(&models.Conversation{}).Where("id = ?", o.conv.ID).UpdateColumn(column, value).Error; err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) say(class models.MessageClass, text string, template *models.Template) models.ID {
	o.t.Helper()
	m, said, err := o.thread.Say(context.Background(), thread.Outgoing{
		ConversationID: o.conv.ID, Class: class, Language: models.English, Cause: "test",
		Content: models.Content{Kind: models.KindText, Text: text, Template: template},
	})
	if err != nil || !said {
		o.t.Fatalf("say: %t, %v", said, err)
	}
	return m.ID
}

func (o *office) reply(text string) models.ID {
	o.t.Helper()
	return o.say(models.ClassReply, text, nil)
}

func (o *office) message(id models.ID) models.Message {
	o.t.Helper()
	var m models.Message
	if err := o.db.On(context.Background()).Where("id = ?", id).Take(&m).Error; err != nil {
		o.t.Fatal(err)
	}
	return m
}

// wantStatus checks where messages stand.
func (o *office) wantStatus(want models.MessageStatus, ids ...models.ID) {
	o.t.Helper()
	for i, id := range ids {
		if got := o.message(id); got.Status != want {
			o.t.Errorf("message %d: got %s (%s %s), want %s", i, got.Status, got.ErrorCode, got.ErrorDetail, want)
		}
	}
}

// job makes a flush in a state, as the queue would have it.
func (o *office) job(state string) int64 {
	o.t.Helper()
	return o.jobOf(queue.Flush{}.Kind(), state)
}

func (o *office) jobOf(kind, state string) int64 {
	o.t.Helper()
	var id int64
	finished := "NULL"
	if state == "completed" || state == "discarded" || state == "cancelled" {
		finished = "now()"
	}
	err := o.db.Pool.QueryRow(context.Background(), `INSERT INTO river_job (state, args, kind, max_attempts, finalized_at)
		VALUES ('`+state+`', '{}', '`+kind+`', 3, `+finished+`) RETURNING id`).Scan(&id)
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

// dead ends a job the way a killed process's job ends: it is put back for another try.
func (o *office) dead(id int64) {
	o.t.Helper()
	if _, err := o.db.Pool.Exec(context.Background(), "UPDATE river_job SET state = 'retryable' WHERE id = $1", id); err != nil {
		o.t.Fatal(err)
	}
}

// age lets a message have been on its way for a while longer.
func (o *office) age(id models.ID, by time.Duration) {
	o.t.Helper()
	_, err := o.db.Pool.Exec(context.Background(), "UPDATE messages SET sending_since = sending_since - $1::interval WHERE id = $2", by, id)
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) flush(job int64) error {
	o.t.Helper()
	return o.Flush(context.Background(), o.conv.ID, job)
}

// flushed flushes and fails the test unless everything went.
func (o *office) flushed() {
	o.t.Helper()
	if err := o.flush(o.job("running")); err != nil {
		o.t.Fatalf("flush: %v", err)
	}
}

// wantLater checks that err asks for another run within bounds.
func wantLater(t *testing.T, err error, least, most time.Duration) {
	t.Helper()
	var later *queue.Later
	if !errors.As(err, &later) {
		t.Fatalf("got %v, want to be run again later", err)
	}
	if later.After < least || later.After > most {
		t.Errorf("again in %s, want %s to %s", later.After, least, most)
	}
}

func (o *office) track(d models.DeliveryStatus) string {
	o.t.Helper()
	payload, err := json.Marshal(d)
	if err != nil {
		o.t.Fatal(err)
	}
	outcome, err := o.Track(context.Background(), models.ProviderEvent{Kind: models.EventStatus, Payload: payload})
	if err != nil {
		o.t.Fatalf("track %s: %v", d.Status, err)
	}
	return outcome
}

func (o *office) notices(event string) []models.Notice {
	o.t.Helper()
	var list []models.Notice
	if err := o.db.On(context.Background()).Where("event = ?", event).Order("created_at").Find(&list).Error; err != nil {
		o.t.Fatal(err)
	}
	return list
}

func (o *office) count(name string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.counted[name]
}
