package chaos

import (
	"slices"
	"testing"

	"frontdesk/e2e/harness"
)

// Steps of the booking in which trouble comes: while they talk, when the link is made, when it is paid.
const (
	choosing = 3
	linking  = 5
	paying   = 7
	done     = 8
)

// disturbed is the booking with trouble in some of its steps.
func disturbed(steps map[int]trouble) harness.Story {
	s := harness.Booking()
	for i, tr := range steps {
		s.Steps[i] = tr.amid(s.Steps[i])
	}
	return s
}

// One booking meets one trouble after another, and nobody notices but for the time it takes.
func TestABookingThroughOneTroubleAfterAnother(t *testing.T) {
	t.Parallel()
	app := start(t)
	want := harness.Booking().Play(t, app)
	got := disturbed(map[int]trouble{
		0: {"redis", "down"}, 1: {"postgres", "down"}, 2: {"whatsapp", "down"}, choosing: {"redis", "hang"}, 4: {"postgres", "500"},
		linking: {"stripe", "garbage"}, paying: {"postgres", "429"}, done: {"whatsapp", "duplicate"},
	}).Play(t, app)
	same(t, trouble{"one", "after another"}, told(t, got, want), want)
}

// Every trouble of every service, in mid-conversation and in mid-payment.
func TestABookingThroughEveryTrouble(t *testing.T) {
	long(t)
	for _, service := range []string{"whatsapp", "stripe", "postgres", "redis"} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			app := start(t)
			want := harness.Booking().Play(t, app)
			for _, tr := range troubles(service) {
				t.Run(tr.mode, func(t *testing.T) {
					got := disturbed(moments(tr)).Play(t, app.For(t))
					if tr.service == "stripe" && !slices.Contains([]string{"slow", "duplicate", "reorder"}, tr.mode) {
						got = told(t, got, want)
					}
					same(t, tr, got, want)
				})
			}
		})
	}
}

// moments are the steps a trouble belongs in.
func moments(tr trouble) map[int]trouble {
	switch {
	case tr.mode == "duplicate" || tr.mode == "reorder":
		return map[int]trouble{1: tr, choosing: tr, linking: tr, paying: tr, done: tr}
	case tr.service == "stripe":
		return map[int]trouble{linking: tr} // paid is told by Stripe: see postgres
	default:
		return map[int]trouble{choosing: tr, paying: tr}
	}
}
