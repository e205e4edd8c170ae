package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"frontdesk/internal/privacy"
	"frontdesk/models"
)

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// known is a customer with an order, and their phone.
func (s *stocked) known(b *client, phone string) {
	s.t.Helper()
	customer := s.typed(b, phone)
	var sessions []models.ID
	mustDo(s.t, s.DB.On(context.Background()).Raw("SELECT session_id FROM orders WHERE session_id IS NOT NULL ORDER BY id DESC LIMIT 1").Scan(&sessions).Error)
	mustDo(s.t, s.Till.Follow(context.Background(), sessions[0], customer.ID))
}

// typed is a customer, and an order by somebody who typed their phone and proved nothing.
func (s *stocked) typed(b *client, phone string) models.Customer {
	s.t.Helper()
	b.add("SERUM-50", 1)
	b.does(200, post, "/checkout/init", `{"method":"cod","address":{"name":"Iris Vane","phone":"`+phone+`","line1":"1 High Street","city":"London","country":"GB"}}`)
	customer, err := s.People.OfPhone(context.Background(), phone, models.English)
	mustDo(s.t, err)
	return customer
}

// Everything that is known of somebody is told to who may ask, inline or by a link that ends; it is written down (R-1011,
// R-1012, R-1013).
func TestPeopleAreToldWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b, admin := s.client(), headerAdminToken+": "+testAdmin
	const phone = "+447700900861"
	s.known(b, phone)
	status := fitting(b, get, "/compliance/pdpl/status", "/compliance/pdpl/status", "").json(t)
	if p, _ := status["pdpl"].(map[string]any); status["ok"] != true || p["exportSupported"] != true || p["deleteSupported"] != true {
		t.Errorf("status %v", status)
	}
	for _, refused := range []struct {
		token string
		want  int
	}{{"X-Nothing: 1", 401}, {headerAdminToken + ": wrong", 401}} {
		for _, path := range []string{"/compliance/pdpl/export", "/compliance/pdpl/delete", "/api/compliance/pdpl/export"} {
			if got := b.ask(post, path, `{"phone":"`+phone+`"}`, refused.token); got.StatusCode != refused.want {
				t.Errorf("%s with %s: got %d", path, refused.token, got.StatusCode)
			}
		}
	}
	got := fitting(b, post, "/compliance/pdpl/export", "/compliance/pdpl/export", `{"phone":"`+phone+`"}`, admin)
	data, _ := got.json(t)["data"].(map[string]any)
	who, _ := data["customer"].(map[string]any)
	orders, _ := data["orders"].([]any)
	if got.StatusCode != 201 || who["waPhone"] != phone || len(orders) != 1 || len(orders[0].(map[string]any)["items"].([]any)) != 1 || data["exportGeneratedAt"] == nil {
		t.Errorf("exported %s", got.body)
	}
	for body, want := range map[string]int{`{"phone":"+447700900999"}`: 404, `{}`: 400, `{"phone":"nobody"}`: 400, `{"customerId":"x"}`: 400, `{"phone":""}`: 400} {
		if got := fitting(b, post, "/compliance/pdpl/export", "/compliance/pdpl/export", body, admin); got.StatusCode != want {
			t.Errorf("%s: got %d %s", body, got.StatusCode, got.body)
		}
	}
	link := fitting(b, post, "/compliance/pdpl/export?mode=link", "/compliance/pdpl/export", `{"phone":"`+phone+`"}`, admin).json(t)
	url, _ := link["url"].(string)
	_, path, _ := strings.Cut(url, "/compliance/")
	path = "/compliance/" + path
	if strings.Contains(url, "447700") || link["expiresAt"] == nil || link["data"] != nil {
		t.Errorf("the link is %v", link)
	}
	if got := fitting(s.client(), get, path, "/compliance/pdpl/export/:ticket", ""); got.StatusCode != 200 || !strings.Contains(got.body, phone) || got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("opened: %d %s", got.StatusCode, got.body)
	}
	if got := fitting(b, get, path+"x", "/compliance/pdpl/export/:ticket", ""); got.StatusCode != 404 {
		t.Errorf("a forged link: got %d", got.StatusCode)
	}
	mustDo(s.t, s.DB.On(context.Background()).Exec("UPDATE privacy_requests SET created_at = created_at - interval '15 minutes'").Error)
	if got := fitting(b, get, path, "/compliance/pdpl/export/:ticket", ""); got.StatusCode != 410 {
		t.Errorf("after its time: got %d", got.StatusCode)
	}
	log := fitting(b, get, "/compliance/audit", "/compliance/audit", "", admin).json(t)
	if entries, _ := log["entries"].([]any); len(entries) != 3 {
		t.Errorf("written down: %v", log)
	}
}

// Somebody is erased by a program with the token; what is owed needs a confirmation (R-1014, R-1017, R-1019).
func TestPeopleAreErased(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b, admin := s.client(), headerAdminToken+": "+testAdmin
	const phone = "+447700900862"
	s.known(b, phone)
	remove := func(body string) answer {
		return fitting(b, post, "/compliance/pdpl/delete", "/compliance/pdpl/delete", body, admin)
	}
	if got := remove(`{"phone":"` + phone + `","reason":"Iris asked, ` + phone + `"}`); got.StatusCode != 400 {
		t.Errorf("a reason that names the person: got %d", got.StatusCode)
	}
	s.Privacy.Delete(privacy.DeleteDisabled)
	if got := remove(`{"phone":"` + phone + `"}`); got.StatusCode != 202 || got.json(t)["status"] != "not_implemented" {
		t.Errorf("switched off: %d %s", got.StatusCode, got.body)
	}
	s.Privacy.Delete(privacy.DeleteInQueue)
	mustDo(s.t, s.DB.On(context.Background()).Exec("UPDATE orders SET status = 'confirmed', reserved_until = NULL").Error)
	if got := remove(`{"phone":"` + phone + `"}`); got.StatusCode != 409 || got.code(t) != "open_order" {
		t.Errorf("with an open order: %d %s", got.StatusCode, got.body)
	}
	got := remove(`{"phone":"` + phone + `","confirm":true,"reason":"Asked at the desk."}`)
	said := got.json(t)
	if got.StatusCode != 202 || said["ok"] != true || said["auditId"] == "" || said["status"] != "accepted" {
		t.Fatalf("erased: %d %s", got.StatusCode, got.body)
	}
	var request models.PrivacyRequest
	mustDo(s.t, s.DB.On(context.Background()).Take(&request, "state = 'accepted' AND kind = 'erasure'").Error)
	mustDo(s.t, s.Privacy.Redact(context.Background(), request.ID))
	var left int64
	mustDo(s.t, s.DB.On(context.Background()).Raw("SELECT (SELECT count(*) FROM addresses a WHERE a::text LIKE '%Vane%' OR a::text LIKE '%900862%') + (SELECT count(*) FROM customers WHERE phone = ?)", phone).Scan(&left).Error)
	if left != 0 {
		t.Errorf("%d rows tell who it was", left)
	}
	if got := remove(`{"phone":"` + phone + `"}`); got.StatusCode != 404 {
		t.Errorf("once more: got %d", got.StatusCode)
	}
	s.Privacy.Delete(privacy.DeleteInStep)
	s.known(s.client(), phone)
	if got := remove(`{"phone":"` + phone + `","confirm":true}`); got.StatusCode != 202 || got.json(t)["status"] != "succeeded" {
		t.Errorf("at once: %d %s", got.StatusCode, got.body)
	}
}

// An order with a phone that nobody proved is nobody's to be told: it is counted and not shown, nor in a link (R-1012).
func TestAnOrderWithATypedPhoneIsNotTold(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b, admin := s.client(), headerAdminToken+": "+testAdmin
	const phone = "+447700900863"
	s.typed(b, phone)
	got := fitting(b, post, "/compliance/pdpl/export", "/compliance/pdpl/export", `{"phone":"`+phone+`","confirm":true}`, admin)
	data, _ := got.json(t)["data"].(map[string]any)
	if orders, _ := data["orders"].([]any); got.StatusCode != 201 || len(orders) != 0 || data["unprovedOrders"] != 1.0 || strings.Contains(got.body, "Vane") || strings.Contains(got.body, "High Street") {
		t.Errorf("told %s", got.body)
	}
	link := s.promised(b, `{"phone":"`+phone+`"}`)
	if got := b.ask(get, link, ""); got.StatusCode != 200 || strings.Contains(got.body, "Vane") {
		t.Errorf("by a link: %d %s", got.StatusCode, got.body)
	}
}

// promised is the path of a link to somebody's data.
func (s *stocked) promised(b *client, who string) string {
	s.t.Helper()
	made, _ := b.does(201, post, "/compliance/pdpl/export?mode=link", who, headerAdminToken+": "+testAdmin)["url"].(string)
	_, path, _ := strings.Cut(made, pdplPath)
	return pdplPath + path
}

// Pictures are listed with size and digest, and fetched one by one under the same ticket, also of an export told at once; whose ticket
// it is not gets none, nor anybody once its time is over (R-1013).
func TestPicturesAreFetchedOneByOne(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	b, admin := (&stocked{s.app, nil}).client(), headerAdminToken+": "+testAdmin
	got := b.ask(post, "/compliance/pdpl/export", `{"phone":"+447700900196"}`, admin)
	at := strings.Index(got.body, s.set.BaseURL+pdplPath+"/export/")
	if got.StatusCode != 201 || at < 0 || strings.Contains(got.body, "base64") || !strings.Contains(got.body, `"bytes":72`) {
		t.Fatalf("exported %d %s", got.StatusCode, got.body)
	}
	url, _, _ := strings.Cut(got.body[at:], `"`)
	path := strings.TrimPrefix(url, s.set.BaseURL)
	picture := b.ask(get, path, "")
	if sum := sha256.Sum256([]byte(picture.body)); picture.StatusCode != 200 || picture.Header.Get("Content-Type") != "image/png" || !strings.Contains(got.body, hex.EncodeToString(sum[:])) {
		t.Errorf("the picture: %d %s", picture.StatusCode, picture.Header.Get("Content-Type"))
	}
	_, err := s.People.OfPhone(context.Background(), "+447700900197", models.English)
	s.must(err)
	other, _, _ := strings.Cut((&stocked{s.app, nil}).promised(b, `{"phone":"+447700900197"}`), "?")
	_, photo, _ := strings.Cut(path, "/photos/")
	for wrong, code := range map[string]string{other + "/photos/" + photo: "no_picture", path + "x": "link_unknown", strings.Replace(path, "/export/", "/export/x", 1): "link_unknown"} {
		if got := b.ask(get, wrong, ""); got.StatusCode != 404 || got.code(t) != code {
			t.Errorf("%s: %d %s", wrong, got.StatusCode, got.body)
		}
	}
	s.must(s.DB.On(context.Background()).Exec("UPDATE privacy_requests SET created_at = created_at - interval '15 minutes'").Error)
	if got := b.ask(get, path, ""); got.StatusCode != 410 {
		t.Errorf("after its time: got %d", got.StatusCode)
	}
}

// A database that cannot be asked is not a link that opens nothing: it is asked again.
func TestALinkWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b := s.client()
	s.known(b, "+447700900864")
	link := s.promised(b, `{"phone":"+447700900864"}`)
	mustDo(t, s.DB.On(context.Background()).Exec("ALTER TABLE privacy_requests RENAME TO moved").Error)
	if got := b.ask(get, link, ""); got.StatusCode != 500 {
		t.Errorf("a wrong database: got %d %s", got.StatusCode, got.body)
	}
	s.DB.Close()
	if got := b.ask(get, link, ""); got.StatusCode < 500 {
		t.Errorf("without a database: got %d %s", got.StatusCode, got.body)
	}
}
