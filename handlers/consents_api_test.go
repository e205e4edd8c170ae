package handlers

import (
	"context"
	"net/url"
	"testing"

	"frontdesk/models"
)

func consentsOf(b *client, phone string, headers ...string) []any {
	b.t.Helper()
	got := b.ask("GET", "/consents/"+url.PathEscape(phone), "", headers...)
	if got.StatusCode != 200 {
		b.t.Fatalf("consents of %s: got %d %s", phone, got.StatusCode, got.body)
	}
	return got.json(b.t)["consents"].([]any)
}

// What a session writes, that session reads; a stranger learns nothing; staff and the proved owner read all of it (R-1001,
// R-1002).
func TestConsentsAreReadByWhoMay(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	const phone = "+447700900141"
	b := p.client()
	first := b.does(200, "POST", "/consents", `{"phone":"`+phone+`","granted":true,"channel":"web","policyText":"I agree","policyVersion":"2026-09"}`)
	second := b.does(200, "POST", "/consents", `{"phone":"44 7700 900141","granted":false}`)
	if first["ok"] != true || first["id"] == second["id"] || first["customerId"] != nil || p.count("consents") != 2 || p.count("customers") != 0 {
		t.Errorf("wrote %v and %v", first, second)
	}
	own := consentsOf(b, phone)
	if len(own) != 2 {
		t.Fatalf("the session reads %v", own)
	}
	newest, oldest := own[0].(map[string]any), own[1].(map[string]any)
	if newest["granted"] != false || newest["channel"] != "whatsapp" || newest["verified"] != false || oldest["policyVersion"] != "2026-09" || oldest["policyText"] != "I agree" {
		t.Errorf("read %v", own)
	}
	stranger := p.client()
	if got := consentsOf(stranger, phone); len(got) != 0 || len(stranger.cookies) != 0 {
		t.Errorf("a stranger reads %v", got)
	}
	stranger.does(200, "POST", "/consents", `{"phone":"`+phone+`","granted":true}`)
	if got := consentsOf(stranger, phone); len(got) != 1 {
		t.Errorf("another session reads %v", got)
	}
	if got := consentsOf(p.client(), phone, "x-admin-token: "+testAdmin); len(got) != 3 {
		t.Errorf("staff read %v", got)
	}
	who := b.does(200, "POST", "/session/verify/complete", `{"phone":"`+phone+`","code":"`+p.asks(b, phone)+`"}`)["customer"].(map[string]any)
	verified := 0
	for _, c := range consentsOf(b, phone) {
		if c.(map[string]any)["verified"] == true && c.(map[string]any)["customerId"] == who["id"] {
			verified++
		}
	}
	if verified != 2 {
		t.Errorf("%d of the owner's words are verified", verified)
	}
	if now := b.does(200, "POST", "/consents", `{"phone":"`+phone+`","granted":true}`); now["customerId"] != who["id"] {
		t.Errorf("the owner wrote %v", now)
	}
	if other := b.does(200, "POST", "/consents", `{"phone":"+447700900142","granted":true}`); other["customerId"] != nil {
		t.Errorf("a claim about somebody else's phone is %v", other)
	}
}

// Who has no right to it reads nothing, and a wrong token is never a visitor.
func TestConsentsAndTokens(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	b := p.client()
	body := `{"phone":"+447700900143","granted":true,"channel":"phone"}`
	if got := b.ask("POST", "/consents", body, "x-admin-token: wrong"); got.StatusCode != 401 {
		t.Errorf("a wrong token: got %d", got.StatusCode)
	}
	if got := b.ask("GET", "/consents/+447700900143", "", "Authorization: Bearer nobody"); got.StatusCode != 401 {
		t.Errorf("a wrong bearer: got %d", got.StatusCode)
	}
	if got := b.does(200, "POST", "/consents", body, "x-admin-token: "+testAdmin); got["id"] == "" || len(b.cookies) != 0 {
		t.Errorf("staff wrote %v", got)
	}
	var row models.ConsentRow
	if err := p.DB.On(context.Background()).Take(&row).Error; err != nil || row.VerifiedAt == nil || row.SessionID != nil || row.Actor != "machine" || row.PolicyVersion != "2026-10" {
		t.Errorf("stored %+v, %v", row, err)
	}
	for field, bad := range map[string]string{
		"phone": `{"phone":"nobody","granted":true}`, "granted": `{"phone":"+447700900143"}`, "channel": `{"phone":"+447700900143","granted":true,"channel":"pigeon"}`,
	} {
		got := p.client().ask("POST", "/consents", bad)
		details, _ := got.json(t)["error"].(map[string]any)["details"].([]any)
		if got.StatusCode != 400 || len(details) != 1 || details[0].(map[string]any)["field"] != field {
			t.Errorf("%s: got %d %s", bad, got.StatusCode, got.body)
		}
	}
	if p.count("shop_sessions") != 0 {
		t.Error("what was refused opened a session")
	}
}
