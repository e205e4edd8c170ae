package notify

import (
	"context"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/content"
	"frontdesk/models"
)

// A code that WhatsApp refuses, at once or later, reaches those on duty once a day for each reason; neither the number
// nor the code stands in what they read.
func TestACodeThatDidNotArriveIsTold(t *testing.T) {
	o := open(t)
	ctx := context.Background()
	for _, lang := range models.Languages() {
		o.create(&models.MessageText{ID: models.NewID(), Key: content.VerifyCode, Language: lang, Channel: "template", Active: true, Body: "{{.Code}} is it.", Values: models.Strings{"Code"}})
	}
	o.wa.answers = []answer{refusal(131026), refusal(131026)}
	const phone, secret = "+447700900101", "493817"
	session := models.NewID()
	o.do("INSERT INTO shop_sessions (id, hash, created_at, expires_at) VALUES ('" + session.String() + "', 'x', now(), now() + interval '1 day')")
	asked := models.PhoneCode{ID: models.NewID(), SessionID: session, Phone: phone, Language: "en", Nonce: []byte(strings.Repeat("y", 16)), CreatedAt: at, ExpiresAt: at.Add(time.Hour)}
	o.create(&asked)
	for range 2 {
		if err := o.Code(ctx, phone, "en", secret, asked.ID); err != nil {
			t.Fatal(err)
		}
	}
	o.track(models.DeliveryStatus{MessageID: asked.ID.String(), ProviderID: "wamid.code", Status: models.Failed, ErrorCode: "131049"})
	o.track(models.DeliveryStatus{MessageID: models.NewID().String(), ProviderID: "wamid.other", Status: models.Failed, ErrorCode: "131050"})
	list, err := o.Undelivered(ctx, at.Add(-time.Hour))
	if err != nil || len(list) != 2 || UnsentCode(list[0])+UnsentCode(list[1]) != "131049131026" && UnsentCode(list[0])+UnsentCode(list[1]) != "131026131049" {
		t.Fatalf("told %+v, %v", list, err)
	}
	for _, n := range list {
		if strings.Contains(n.DedupeKey, "7700900101") || strings.Contains(n.DedupeKey, secret) || n.MessageID != nil || n.StylistID != nil {
			t.Errorf("the notice tells too much: %+v", n)
		}
	}
}
