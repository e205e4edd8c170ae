package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/sms"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// gateway is an SMS gateway that answers as it is told, then takes what comes and says that it arrived.
type gateway struct {
	mu      sync.Mutex
	answers []int    // statuses, one a message; then 202
	state   string   // of every message; empty: delivered
	sent    []string // "key text"
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r.Method == http.MethodGet {
		state := g.state
		if state == "" {
			state = "delivered"
		}
		fmt.Fprintf(w, `{"id":"1","status":%q}`, state)
		return
	}
	var m struct{ Text string }
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	g.sent = append(g.sent, r.Header.Get("Idempotency-Key")+" "+m.Text)
	status := http.StatusAccepted
	if len(g.answers) > 0 {
		status, g.answers = g.answers[0], g.answers[1:]
	}
	w.WriteHeader(status)
	fmt.Fprint(w, `{"id":"1","status":"accepted"}`)
}

func (g *gateway) taken() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.sent)
}

// texting gives the office an SMS gateway.
func (o *office) texting(answers ...int) *gateway {
	o.t.Helper()
	g := &gateway{answers: answers}
	server := httptest.NewServer(g)
	o.t.Cleanup(server.Close)
	o.sms = sms.New(sms.Config{BaseURL: server.URL, Key: "k", From: "Luma", Timeout: 5 * time.Second, BreakerFailures: 100})
	return g
}

// deliver works the notice's job once, as if every pause were over.
func (o *office) deliver(n models.Notice) error {
	o.t.Helper()
	if _, err := o.db.Pool.Exec(context.Background(), "UPDATE notice_deliveries SET retry_at = NULL"); err != nil {
		o.t.Fatal(err)
	}
	return o.Deliver(context.Background(), n.ID, o.jobOf(queue.NoticeSend{}.Kind(), "running"))
}

// wantWays checks the record of a notice, channel by channel, and whether the console shows it as unreached.
func (o *office) wantWays(n models.Notice, unreached bool, want ...string) {
	o.t.Helper()
	told, err := o.ToldOf(context.Background(), *n.AppointmentID)
	if err != nil {
		o.t.Fatal(err)
	}
	i := slices.IndexFunc(told, func(t Told) bool { return t.ID == n.ID })
	if i < 0 {
		o.t.Fatal("the notice is gone")
	}
	var got []string
	for _, d := range told[i].Deliveries {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Channel, d.Status, d.Code)))
		if d.Words != "" && d.Status != models.DeliveryQueued && d.Status != models.DeliverySending {
			o.t.Errorf("%s keeps its words %q although it is settled", d.Channel, d.Words)
		}
	}
	if !slices.Equal(got, want) {
		o.t.Errorf("got %q, want %q", got, want)
	}
	if is := told[i].GivenUpAt != nil && told[i].ReachedAt == nil; is != unreached {
		o.t.Errorf("shown as unreached: %t, want %t", is, unreached)
	}
}

// asked counts the jobs that look at notices again.
func (o *office) asked() int {
	o.t.Helper()
	if err := o.AskDue(context.Background()); err != nil {
		o.t.Fatal(err)
	}
	var n int
	err := o.db.Pool.QueryRow(context.Background(), "SELECT count(*) FROM river_job WHERE kind = 'notify.send' AND state = 'available'").Scan(&n)
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func TestANoticeLeavesWhatsAppThatIsAway(t *testing.T) {
	for _, c := range []struct {
		name  string
		event string
		away  time.Duration // of the visit
		after time.Duration
	}{
		{"a visit of today is cancelled", EventVisitCancelled, 0, time.Minute},
		{"somebody comes late today", EventVisitDelay, 0, time.Minute},
		{"a visit of next week is cancelled", EventVisitCancelled, 7 * 24 * time.Hour, 10 * time.Minute},
		{"a visit of next week is booked", EventVisitConfirmed, 7 * 24 * time.Hour, 10 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(t)
			o.approve()
			o.create(&models.MessageText{ID: models.NewID(), Key: content.Delay, Language: "en", Channel: "template", Active: true,
				Body: "{{.Stylist}}, {{.Customer}}, {{.When}}: {{.Minutes}}", Values: models.Strings{"Stylist", "Customer", "When", "Minutes"}})
			gate := o.texting()
			visit := o.booked("+447700900201")
			columns := map[string]any{"starts_at": visit.StartsAt.Add(c.away), "ends_at": visit.EndsAt.Add(c.away)}
			if c.event == EventVisitCancelled {
				columns["status"] = models.Cancelled
			}
			if err := o.db.On(context.Background()).Model(&models.Appointment{}).Where("id = ?", visit.ID).UpdateColumns(columns).Error; err != nil {
				t.Fatal(err)
			}
			if err := o.tell(visit, c.event); err != nil {
				t.Fatal(err)
			}
			n := o.notices(c.event)[0]
			o.wantWays(n, false, "whatsapp queued")
			o.hand.Advance(c.after - time.Second)
			if got := o.asked(); got != 0 {
				t.Fatalf("looked at %d times before half of its time was over", got)
			}
			o.hand.Advance(time.Second)
			if got := o.asked(); got != 1 {
				t.Fatalf("looked at %d times, want once", got)
			}
			for range 2 {
				if err := o.deliver(n); err != nil {
					t.Fatal(err)
				}
			}
			o.wantWays(n, false, "whatsapp queued", "sms sent")
			if got := gate.taken(); len(got) != 1 || !strings.Contains(got[0], "Noor") {
				t.Errorf("SMS %q, want one", got)
			}
			// It arrives, and what still waits for WhatsApp is withdrawn.
			o.hand.Advance(askEvery)
			o.asked()
			if err := o.deliver(n); err != nil {
				t.Fatal(err)
			}
			o.wantWays(n, false, "whatsapp skipped elsewhere", "sms delivered")
			m := o.message(*o.notices(c.event)[0].MessageID)
			if m.Status != models.Suppressed {
				t.Errorf("the message is %s", m.Status)
			}
			if err := o.Flush(context.Background(), m.ConversationID, o.job("running")); err != nil || len(o.wa.said()) != 0 {
				t.Errorf("WhatsApp was handed %v, error %v", o.wa.said(), err)
			}
		})
	}
}

func TestWhatWhatsAppSentInTimeGoesNowhereElse(t *testing.T) {
	o := open(t)
	o.approve()
	gate := o.texting()
	if err := o.tell(o.booked("+447700900201"), EventVisitConfirmed); err != nil {
		t.Fatal(err)
	}
	n := o.notices(EventVisitConfirmed)[0]
	if err := o.Flush(context.Background(), o.message(*n.MessageID).ConversationID, o.job("running")); err != nil {
		t.Fatal(err)
	}
	o.hand.Advance(time.Hour)
	if got := o.asked(); got != 0 {
		t.Errorf("looked at again %d times", got)
	}
	if err := o.deliver(n); err != nil {
		t.Fatal(err)
	}
	o.wantWays(n, false, "whatsapp sent")
	if len(gate.taken()) != 0 {
		t.Errorf("SMS %q as well", gate.taken())
	}
}

func TestNobodyHasANoticeWhenEveryChannelStaysAway(t *testing.T) {
	o := open(t)
	o.approve()
	visit := o.booked("+447700900201")
	if err := o.tell(visit, EventVisitConfirmed); err != nil {
		t.Fatal(err)
	}
	n := o.notices(EventVisitConfirmed)[0]
	o.hand.Advance(ordinary / 2)
	if o.asked() != 1 {
		t.Fatal("nobody looks at it again")
	}
	if err := o.deliver(n); err != nil {
		t.Fatal(err)
	}
	o.wantWays(n, false, "whatsapp queued", "sms skipped not_configured")
	o.hand.Advance(ordinary / 2)
	if o.asked() != 2 {
		t.Fatal("nobody looks at it when its time is over")
	}
	if err := o.deliver(n); err != nil {
		t.Fatal(err)
	}
	o.wantWays(n, true, "whatsapp queued", "sms skipped not_configured", "log logged")
	if err := o.Flush(context.Background(), o.message(*n.MessageID).ConversationID, o.job("running")); err != nil {
		t.Fatal(err)
	}
	o.wantWays(n, false, "whatsapp sent", "sms skipped not_configured", "log logged")
}

func TestAnUrgentNoticeOutlivesAMomentOfTrouble(t *testing.T) {
	o := open(t) // WhatsApp has approved nothing
	gate := o.texting(http.StatusServiceUnavailable, http.StatusTooManyRequests)
	visit := o.booked("+447700900201")
	if err := o.tell(visit, EventVisitUrgent); err != nil {
		t.Fatal(err)
	}
	n := o.notices(EventVisitUrgent)[0]
	wantLater(t, o.deliver(n), time.Millisecond, 2*time.Second)
	o.wantWays(n, false, "sms queued Service Unavailable", "whatsapp skipped no_template")
	o.hand.Advance(30 * time.Second)
	wantLater(t, o.deliver(n), time.Millisecond, 3*time.Second)
	o.hand.Advance(30 * time.Second)
	if err := o.deliver(n); err != nil {
		t.Fatal(err)
	}
	if got := o.notices(EventVisitUrgent)[0]; got.ReachedAt == nil || got.ReachedAt.After(got.DueAt) {
		t.Errorf("reached at %v, due at %v", got.ReachedAt, got.DueAt)
	}
	// What the gateway may have taken with the first try is said in the same words, though less time is left.
	got := gate.taken()
	if len(got) != 3 || got[0] != got[1] || got[1] != got[2] || !strings.Contains(got[0], "2 hours and 30 minutes") {
		t.Errorf("handed over %q, want the same three times", got)
	}
}

func TestWhatWasCertainlyNotTakenIsWrittenAnew(t *testing.T) {
	o := open(t)
	gate := o.texting(http.StatusTooManyRequests)
	visit := o.booked("+447700900201")
	if err := o.tell(visit, EventVisitUrgent); err != nil {
		t.Fatal(err)
	}
	n := o.notices(EventVisitUrgent)[0]
	wantLater(t, o.deliver(n), time.Millisecond, 2*time.Second)
	o.hand.Advance(10 * time.Minute)
	if err := o.deliver(n); err != nil {
		t.Fatal(err)
	}
	if got := gate.taken(); len(got) != 2 || !strings.Contains(got[1], "2 hours and 20 minutes") {
		t.Errorf("handed over %q", got)
	}
}

func TestAnUrgentNoticeGoesOnAndComesBack(t *testing.T) {
	o := open(t)
	o.approve()
	gate := o.texting(http.StatusServiceUnavailable)
	if err := o.tell(o.booked("+447700900201"), EventVisitUrgent); err != nil {
		t.Fatal(err)
	}
	n := o.notices(EventVisitUrgent)[0]
	wantLater(t, o.deliver(n), time.Millisecond, 2*time.Second)
	o.wantWays(n, false, "sms queued Service Unavailable", "whatsapp queued")
	message := o.message(*o.notices(EventVisitUrgent)[0].MessageID)
	if err := o.Flush(context.Background(), message.ConversationID, o.job("running")); err != nil {
		t.Fatal(err)
	}
	o.wantWays(n, false, "sms failed Service Unavailable", "whatsapp sent")
	if err := o.deliver(n); err != nil {
		t.Fatal(err)
	}
	if got := gate.taken(); len(got) != 1 {
		t.Errorf("SMS %q although WhatsApp has it", got)
	}
}

func TestAGatewayThatWasTakenAway(t *testing.T) {
	o := open(t)
	o.texting()
	if err := o.tell(o.booked("+447700900201"), EventVisitUrgent); err != nil {
		t.Fatal(err)
	}
	n := o.notices(EventVisitUrgent)[0]
	if err := o.deliver(n); err != nil {
		t.Fatal(err)
	}
	o.sms = nil
	o.hand.Advance(askEvery)
	if o.asked() != 2 { // the first is the one that sent it
		t.Fatal("nobody asks what became of it")
	}
	if err := o.deliver(n); err != nil {
		t.Fatal(err)
	}
	o.wantWays(n, false, "sms sent unconfirmed")
}

func TestACaseWithoutOperators(t *testing.T) {
	o := open(t)
	c := models.Case{ID: models.NewID(), ConversationID: o.conv.ID, Reason: models.ReasonManualRequest, Status: models.CaseOpen, Language: "en", Summary: "x", LastMessages: []byte("[]"), OpenedAt: at}
	o.create(&c)
	if err := o.Case(context.Background(), c.ID); err != nil {
		t.Fatal(err)
	}
	if n := o.notices(EventCaseOpened); len(n) != 1 || n[0].GivenUpAt == nil {
		t.Fatalf("nobody is there to be told, got %+v", n)
	}
	boss := models.Staff{ID: models.NewID(), Email: "boss@luma.test", Name: "Boss", Role: models.RoleAdmin, PasswordHash: "x", Language: models.English}
	o.create(&boss)
	people, err := o.recipients(context.Background(), o.notices(EventCaseOpened)[0])
	if err != nil || len(people) != 1 || *people[0].staffID != boss.ID {
		t.Errorf("told are %+v, error %v", people, err)
	}
	desk := models.Staff{ID: models.NewID(), Email: "desk@luma.test", Name: "Desk", Role: models.RoleOperator, PasswordHash: "x", Language: models.English}
	o.create(&desk)
	people, err = o.recipients(context.Background(), o.notices(EventCaseOpened)[0])
	if err != nil || len(people) != 1 || *people[0].staffID != desk.ID {
		t.Errorf("told are %+v, error %v", people, err)
	}
}
