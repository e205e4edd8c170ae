package handlers

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/models"
)

// R-1109: the form shows what the customer will read before anything happens, in their language; sent twice it is one
// refund; above the limit somebody else agrees, and never whoever asked.
func TestMoneyGoesBackByForm(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	goods := &stocked{s.app, map[string]models.Product{}}
	goods.stock()
	o := goods.client().delivered(s.app)
	finance := s.tab()
	finance.password(s.people["finance"], testPassword)
	form := []string{"order", o.ID.String(), "key", "one", "scope", "amount", "amount", "3.50", "reason", "damaged", "method", "cash", "proof", "slip 1"}
	made := func() (list []models.Refund) {
		s.must(s.DB.On(t.Context()).Where("order_id = ?", o.ID).Order("created_at, id").Find(&list).Error)
		return list
	}
	open := func() { finance.get("/console/refunds/new?order=" + o.ID.String()) }
	open()
	finance.shows(200, "Give money back")
	finance.post("/console/refunds/new", append(form, "seen", "1.card")...)
	if finance.shows(200, "350.cash"); len(made()) != 0 {
		t.Fatal("money went back unseen")
	}
	for range 2 {
		open()
		finance.post("/console/refunds/new", append(form, "seen", "350.cash")...)
		finance.leads("/console/refunds/")
	}
	open()
	left := []string{"order", o.ID.String(), "key", "rest", "scope", "all", "reason", "damaged", "method", "cash", "proof", "slip 2"}
	for range 2 { // all that is left: sent once more, nothing is
		finance.post("/console/refunds/new", append(left, "seen", fmt.Sprint(o.TotalMinor-350, ".cash"))...)
		finance.leads("/console/refunds/")
		open()
	}
	if len(made()) != 2 {
		t.Fatalf("gave %+v", made())
	}
	s.must(s.DB.On(t.Context()).Exec("UPDATE refunds SET state = 'canceled' WHERE id = ?", made()[1].ID).Error)
	r := made()[0]
	if r.State != models.RefundSucceeded || r.AmountMinor != 350 || r.Proof != "slip 1" {
		t.Errorf("gave %+v", made())
	}
	finance.get("/console/refunds/" + r.ID.String())
	finance.shows(200, "slip 1", "The money is out")
	finance.get("/console/refunds?state=succeeded&method=cash&amount=small&of=" + o.ID.String() + "&q=" + o.Number)
	finance.shows(200, "3.50")
	finance.get("/console/refunds?format=csv&kind=order")
	finance.shows(200, "3.50")

	// Above the limit.
	s.must(s.Policies.Set(t.Context(), "refund.alone_minor", 100, "system"))
	open()
	finance.post("/console/refunds/new", append(form, "key", "two", "amount", "2.50", "seen", "250.cash")...)
	finance.leads("/console/refunds/")
	r = made()[2]
	finance.get("/console/refunds/" + r.ID.String())
	finance.shows(200, "Waits for a second person", "Somebody else must agree")
	approve := "/console/refunds/" + r.ID.String() + "/approve"
	finance.get(approve)
	finance.post(approve)
	finance.shows(422, "Somebody else must agree")
	admin := s.tab()
	admin.password(s.people["admin"], testPassword)
	admin.get(approve)
	admin.post(approve)
	admin.leads("/console/refunds/" + r.ID.String())
	if r = made()[2]; r.State != models.RefundSucceeded || r.DecidedBy == r.AskedBy {
		t.Errorf("agreed: %+v", r)
	}
	// For scripts: the same key is the same refund.
	for range 2 {
		got := s.call("POST", "/salon/refunds", []byte(`{"order":"`+o.ID.String()+`","key":"k","amountMinor":100,"reason":"goodwill","method":"cash","proof":"slip 3"}`), typeJSON, "X-Admin-Token: "+testAdmin)
		if got.StatusCode != 201 {
			t.Errorf("a script: %d %.300s", got.StatusCode, got.body)
		}
	}
	if len(made()) != 4 {
		t.Errorf("%d refunds, want 4", len(made()))
	}
	operator := s.tab()
	operator.password(s.people["operator"], testPassword)
	operator.get(approve)
	operator.shows(403)
}

// A call that can give money twice because its answer was lost gives none: without a key, or with one that cannot be kept, it is refused
// and says so.
func TestACallWithoutAKeyGivesNothing(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	goods := &stocked{s.app, map[string]models.Product{}}
	goods.stock()
	o := goods.client().delivered(s.app)
	const rest = `"amountMinor":100,"reason":"goodwill","method":"cash","proof":"slip"`
	for name, tt := range map[string]struct{ path, body, field string }{
		"none":           {"/salon/refunds", `{"order":"` + o.ID.String() + `",` + rest + `}`, "key"},
		"empty":          {"/salon/refunds", `{"order":"` + o.ID.String() + `","key":"",` + rest + `}`, "key"},
		"too long":       {"/salon/refunds", `{"order":"` + o.ID.String() + `","key":"` + strings.Repeat("k", 201) + `",` + rest + `}`, "key"},
		"not a text":     {"/salon/refunds", `{"order":"` + o.ID.String() + `","key":7,` + rest + `}`, ""},
		"with a nothing": {"/salon/refunds", `{"order":"` + o.ID.String() + `","key":"a\u0000b",` + rest + `}`, "key"},
	} {
		got := s.call("POST", tt.path, []byte(tt.body), typeJSON, "X-Admin-Token: "+testAdmin)
		if got.StatusCode != 400 || !strings.Contains(string(got.body), `"ok":false`) || tt.field != "" && !strings.Contains(string(got.body), `"field":"`+tt.field+`"`) {
			t.Errorf("%s: %d %.300s", name, got.StatusCode, got.body)
		}
	}
	var n int64
	s.must(s.DB.On(t.Context()).Model(&models.Refund{}).Count(&n).Error)
	if n != 0 {
		t.Errorf("%d refunds were made", n)
	}
}
