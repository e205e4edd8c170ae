package chaos

import (
	"slices"
	"testing"

	"frontdesk/e2e/harness"
)

// bystanders are those whom no customer of WhatsApp waits for, or not for long.
func bystanders() []string { return []string{"chatwoot", "mail", "sms", "calendar", "claude"} }

// day is a story that needs all of them: a visit of today, which its stylist hears of by SMS and finds in
// their calendar, questions by way of Chatwoot, and a person called by mail.
func day() harness.Story {
	return harness.Story{
		Name: "a day at the desk", Scenario: "S18",
		Steps: []harness.Step{
			harness.Says("Any chance of a haircut today?"), harness.Says("16:30 with Salma"), harness.Links(1), harness.Pays("paid", 1),
			harness.Becomes("confirmed", "paid"), byChatwoot("are you open on saturday?"), byChatwoot("can I talk to a person please?"),
			harness.Says("can I talk to a person please?"),
		},
	}
}

// Those of the day's steps that Chatwoot carries.
const (
	askedThere  = 5
	handedThere = 6
)

// byChatwoot is the customer writing by way of Chatwoot.
func byChatwoot(text string) harness.Step {
	return func(t testing.TB, a *harness.App, phone string) {
		t.Helper()
		a.For(t).SayByChatwoot(phone, text)
	}
}

// through is the day with a trouble from its beginning to its end, or, with Chatwoot, whose customers wait
// for it, at each step that goes there.
func (tr trouble) through(s harness.Story) harness.Story {
	if tr.service == "chatwoot" {
		s.Steps[askedThere], s.Steps[handedThere] = tr.amid(s.Steps[askedThere]), tr.amid(s.Steps[handedThere])
		return s
	}
	turns := func(mode string) harness.Step {
		return func(t testing.TB, a *harness.App, _ string) {
			t.Helper()
			a.For(t).Fault(tr.service, mode)
		}
	}
	s.Steps = slices.Concat([]harness.Step{turns(tr.mode)}, s.Steps, []harness.Step{turns("ok")})
	return s
}

// The day goes on while all of them are away, and everything is in order once they are back.
func TestADayWithoutBystanders(t *testing.T) {
	t.Parallel()
	app := startDay(t)
	want := day().Play(t, app)
	s := day()
	for _, service := range bystanders() {
		s = trouble{service, "down"}.through(s)
	}
	inOrder(t, trouble{"everybody", "down"}, app, s.Play(t, app), want)
}

// Every trouble of each of them, for the whole of the day.
func TestADayThroughEveryTrouble(t *testing.T) {
	long(t)
	for _, service := range bystanders() {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			app := startDay(t)
			want := day().Play(t, app)
			for _, tr := range troubles(service) {
				t.Run(tr.mode, func(t *testing.T) {
					if err := app.Control("reset", struct{}{}, nil); err != nil { // breakers are open after the last one
						t.Fatal(err)
					}
					inOrder(t, tr, app.For(t), tr.through(day()).Play(t, app.For(t)), want)
				})
			}
		})
	}
}

// startDay brings the program up with a model that is asked about every message.
func startDay(t *testing.T) *harness.App {
	t.Helper()
	app := start(t, "CLAUDE_TIMEOUT=1s")
	app.Exec(`INSERT INTO settings VALUES ('model.below_percent', to_jsonb(100), now(), 'test')`)
	return app
}

// Notices that wait for a channel, or reached nobody although a channel is well by now.
const (
	waiting   = "SELECT count(*) FROM notice_deliveries WHERE status IN ('queued', 'sending')"
	unreached = "SELECT count(*) FROM notices n WHERE reached_at IS NULL AND EXISTS (SELECT FROM notice_deliveries d WHERE d.notice_id = n.id)"
)

// inOrder compares a day with the undisturbed one. By which channel a notice went is the trouble's to say;
// that it went is not.
func inOrder(t *testing.T, tr trouble, app *harness.App, got, want harness.Ending) {
	t.Helper()
	refused := tr == trouble{"mail", "500"} // for good, and there is no other way to people on duty
	if w, u := app.Number(waiting), app.Number(unreached); w > 0 || u > 0 && !refused {
		t.Errorf("%s: %d deliveries of notices wait, %d notices reached nobody:\n%s", tr, w, u, got.Notices)
	}
	if tr.service == "mail" || tr.service == "sms" || tr.service == "everybody" {
		got.Notices, got.Staff = want.Notices, want.Staff
	}
	same(t, tr, got, want)
}
