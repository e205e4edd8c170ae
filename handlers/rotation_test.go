package handlers

import (
	"fmt"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"

	"frontdesk/internal/whatsapp"
)

// A webhook secret is replaced without one refused event: first both are valid here, then the provider
// signs with the new one, then the old one goes, and is refused from then on.
func TestASVS_13_3_1_SecretsAreRotatedWithoutARefusedEvent(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	for i, stage := range []struct{ ours, theirs string }{
		{"old", "old"}, {"new,old", "old"}, {"new, old", "new"}, {"old,new", "new"}, {"new", "new"},
	} {
		a.set.WhatsApp.AppSecret, a.set.StripeSecret = stage.ours, stage.ours
		said, paid := message(fmt.Sprintf("wamid.%d", i), "447700900101", "hello"), []byte(fmt.Sprintf(`{"id":"evt_%d","type":"customer.created","data":{"object":{}}}`, i))
		if got := a.hook(t, stage.theirs, said, paid); got != [2]int{200, 200} {
			t.Errorf("we know %q, they sign with %q: got %v", stage.ours, stage.theirs, got)
		}
	}
	if got := a.hook(t, "old", message("wamid.late", "447700900101", "hello"), []byte(`{"id":"evt_late","type":"customer.created","data":{"object":{}}}`)); got != [2]int{401, 401} {
		t.Errorf("the old secret after its end: got %v", got)
	}
	if got := a.count("provider_events"); got != 10 {
		t.Errorf("%d events are stored, want 10", got)
	}
}

// hook posts to both webhooks, signed with a secret, and gives both statuses.
func (a *app) hook(t *testing.T, secret string, said, paid []byte) [2]int {
	t.Helper()
	now := time.Now()
	stripe := fmt.Sprintf("Stripe-Signature: t=%d,v1=%x", now.Unix(), webhook.ComputeSignature(now, paid, secret))
	return [2]int{
		a.call("POST", "/webhook/whatsapp", said, typeJSON, whatsapp.SignatureHeader+": "+whatsapp.Sign(secret, said)).StatusCode,
		a.call("POST", "/webhook/stripe", paid, typeJSON, stripe).StatusCode,
	}
}
