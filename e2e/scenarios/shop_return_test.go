package scenarios

import (
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/models"
)

// playReturn sends back what was delivered, with a photo that staff see.
func playReturn(t *testing.T, app *harness.App, lang models.Language) {
	phone, _ := app.Given("S01", lang)
	number := buys(t, app, phone, lang)
	back := words{"en": "I want to return a product", "es": "quiero devolver un producto", "ar": "أريد إرجاع منتج"}
	says(t, lang, app.Say(phone, back[lang]))
	if n := app.Number("SELECT count(*) FROM returns"); n != 0 {
		t.Fatalf("%d returns of an order that was not delivered", n)
	}
	acts(t, app, phone, "ship")
	acts(t, app, phone, "deliver")
	told := strings.Join(app.Received(phone), "\n")
	if got := strings.Count(told, number); got < 3 {
		t.Errorf("%s is named %d times; its way was not told:\n%s", number, got, told)
	}

	reasons := choice(t, app.Say(phone, back[lang]))
	if len(reasons.Rows) < 3 || len(reasons.Rows) > models.MaxRows {
		t.Fatalf("reasons to choose from: %+v", reasons)
	}
	opened := app.Tap(phone, reasons, reasons.Rows[0].Title)
	rma := app.Text("SELECT rma_code FROM returns")
	says(t, lang, opened, rma, number)

	raw, err := os.ReadFile(filepath.Join(harness.Root(), "static", "sample.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	says(t, lang, app.SendPhoto(phone, raw), rma)
	says(t, lang, app.SendPhoto(phone, []byte("GIF89a, which is no photo")), rma)
	app.Settle()
	if got := app.Text("SELECT string_agg(state || ' ' || coalesce(mime, ''), ', ' ORDER BY created_at, id) FROM return_photos"); got != "kept image/jpeg, refused " {
		t.Errorf("photos: %q", got)
	}
	id, photo := app.Text("SELECT id::text FROM returns"), app.Text("SELECT id::text FROM return_photos WHERE state = 'kept'")
	desk := app.Desk("OPERATOR")
	if status, page := desk.Get("/console/returns/" + id); status != http.StatusOK || !strings.Contains(page, "/console/returns/"+id+"/photos/"+photo) || !strings.Contains(page, rma) {
		t.Errorf("the page of the return answers %d and shows no photo", status)
	}
	if status, shown := desk.Get("/console/returns/" + id + "/photos/" + photo); status != http.StatusOK || shown != string(raw) {
		t.Errorf("the photo answers %d with %d bytes, want the %d that were sent", status, len(shown), len(raw))
	}
	says(t, lang, app.Say(phone, shopScripted[lang].where), number, rma)
	if n := app.Number("SELECT count(*) FROM river_job WHERE args::text LIKE $1", "%"+base64.StdEncoding.EncodeToString(raw)[:40]+"%"); n != 0 {
		t.Errorf("%d jobs carry the photo", n)
	}
	again := app.Say(phone, back[lang])
	says(t, lang, again)
	if n := app.Number("SELECT count(*) FROM returns"); n != 1 {
		t.Errorf("%d returns of one order", n)
	}
}
