package stripeapi_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

const secret, oldSecret = "whsec_new", "whsec_old"

func signed(raw []byte, at time.Time, with string) string {
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(webhook.ComputeSignature(at, raw, with)))
}

func completed() []byte {
	return fmt.Appendf(nil, `{"id":"evt_1","object":"event","api_version":"2031-01-01","type":"checkout.session.completed","livemode":false,
		"data":{"object":{"id":"cs_1","object":"checkout.session","payment_status":"paid","amount_total":1600,"currency":"eur",
		"payment_intent":"pi_1","client_reference_id":%q,"metadata":{"payment_id":%q}}}}`, paymentID, paymentID)
}

func TestVerifyEvent(t *testing.T) {
	raw, now := completed(), time.Now()
	tampered := []byte(strings.Replace(string(raw), "1600", "1601", 1))
	for _, c := range []struct {
		name, header string
		raw          []byte
		want         error
	}{
		{"signed", signed(raw, now, secret), raw, nil},
		{"signed with the secret being replaced", signed(raw, now, oldSecret), raw, nil},
		{"several signatures", signed(raw, now, "x") + ",v1=" + strings.Split(signed(raw, now, secret), "v1=")[1], raw, nil},
		{"no header", "", raw, stripeapi.ErrSignature},
		{"garbage header", "t=now,v1=zz", raw, stripeapi.ErrSignature},
		{"another secret", signed(raw, now, "whsec_other"), raw, stripeapi.ErrSignature},
		{"empty secret", signed(raw, now, ""), raw, stripeapi.ErrSignature},
		{"tampered body", signed(raw, now, secret), tampered, stripeapi.ErrSignature},
		{"six minutes old", signed(raw, now.Add(-6*time.Minute), secret), raw, stripeapi.ErrSignature},
		{"four minutes old", signed(raw, now.Add(-4*time.Minute), secret), raw, nil},
		{"signed garbage", signed([]byte("{"), now, secret), []byte("{"), stripeapi.ErrMalformed},
		{"signed, no id", signed([]byte(`{"type":"x"}`), now, secret), []byte(`{"type":"x"}`), stripeapi.ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := stripeapi.VerifyEvent(c.raw, c.header, []string{secret, oldSecret, ""}, 5*time.Minute)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestParseEvent(t *testing.T) {
	eur := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: "EUR"} }
	for _, c := range []struct {
		name, raw string
		want      stripeapi.Event
	}{
		{"completed and paid", string(completed()), stripeapi.Event{
			ID: "evt_1", Type: "checkout.session.completed", SessionID: "cs_1", PaymentIntent: "pi_1", Paid: true, Amount: eur(1600), PaymentID: paymentID,
		}},
		{
			"completed, money to come", `{"id":"e","type":"checkout.session.completed","data":{"object":{"id":"cs_1","payment_status":"unpaid","amount_total":1600,"currency":"eur","payment_intent":{"id":"pi_1"}}}}`,
			stripeapi.Event{ID: "e", Type: "checkout.session.completed", SessionID: "cs_1", PaymentIntent: "pi_1", Amount: eur(1600)},
		},
		{
			"reference only", fmt.Sprintf(`{"id":"e","type":"checkout.session.expired","data":{"object":{"id":"cs_1","client_reference_id":%q,"payment_intent":null}}}`, paymentID),
			stripeapi.Event{ID: "e", Type: "checkout.session.expired", SessionID: "cs_1", PaymentID: paymentID},
		},
		{
			"card declined", fmt.Sprintf(`{"id":"e","type":"payment_intent.payment_failed","data":{"object":{"id":"pi_1","object":"payment_intent","amount":1600,"currency":"eur","metadata":{"payment_id":%q},"last_payment_error":{"code":"card_declined","decline_code":"insufficient_funds"}}}}`, paymentID),
			stripeapi.Event{ID: "e", Type: "payment_intent.payment_failed", PaymentIntent: "pi_1", Amount: eur(1600), PaymentID: paymentID, FailureCode: "insufficient_funds"},
		},
		{
			"charge refunded", `{"id":"e","type":"charge.refunded","data":{"object":{"id":"ch_1","amount":1600,"amount_refunded":500,"currency":"eur","payment_intent":"pi_1","metadata":{}}}}`,
			stripeapi.Event{ID: "e", Type: "charge.refunded", PaymentIntent: "pi_1", Amount: eur(500)},
		},
		{
			"refund failed", fmt.Sprintf(`{"id":"e","type":"refund.updated","data":{"object":{"id":"re_1","amount":1600,"currency":"eur","payment_intent":"pi_1","status":"failed","failure_reason":"lost_or_stolen_card","metadata":{"refund_id":%q,"payment_id":"nonsense"}}}}`, refundID),
			stripeapi.Event{ID: "e", Type: "refund.updated", PaymentIntent: "pi_1", Amount: eur(1600), RefundID: refundID, RefundRef: "re_1", RefundStatus: "failed", FailureCode: "lost_or_stolen_card"},
		},
		{"a type we do not read", `{"id":"e","type":"customer.created","data":{"object":[1,2]}}`, stripeapi.Event{ID: "e", Type: "customer.created"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := stripeapi.ParseEvent([]byte(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Raw) != c.raw {
				t.Errorf("raw = %s", got.Raw)
			}
			got.Raw = nil
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestParseEventRefuses(t *testing.T) {
	for _, raw := range []string{
		``, `null`, `[]`, `"x"`, `{}`, `{"id":"e"}`, `{"id":1,"type":"x"}`, `{"id":"e\u0000","type":"x"}`, `{"id":"e","type":"x\ty"}`,
		`{"id":"e","type":"checkout.session.completed"}`,
		`{"id":"e","type":"checkout.session.completed","data":{"object":"cs_1"}}`,
		`{"id":"e","type":"checkout.session.completed","data":{"object":{"amount_total":"16"}}}`,
		`{"id":"e","type":"checkout.session.completed","data":{"object":{"amount_total":1e30}}}`,
	} {
		if _, err := stripeapi.ParseEvent([]byte(raw)); !errors.Is(err, stripeapi.ErrMalformed) {
			t.Errorf("%s: got %v, want ErrMalformed", raw, err)
		}
	}
}

func FuzzParseEvent(f *testing.F) {
	f.Add(completed())
	f.Add([]byte(`{"id":"e","type":"charge.refunded","data":{"object":{"payment_intent":{"id":1}}}}`))
	f.Add([]byte(`{"id":"e","type":"refund.updated","data":{"object":null}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := stripeapi.ParseEvent(raw)
		if err != nil {
			if !errors.Is(err, stripeapi.ErrMalformed) {
				t.Fatalf("error of another kind: %v", err)
			}
			return
		}
		if e.ID == "" || e.Type == "" {
			t.Fatalf("accepted without id or type: %q", raw)
		}
		if e.Paid && !strings.HasPrefix(e.Type, "checkout.session.") {
			t.Fatalf("paid by an event of type %s", e.Type)
		}
	})
}
