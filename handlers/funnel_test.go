package handlers

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"frontdesk/internal/funnel"
	"frontdesk/models"
)

// whoever reads dashboards sees how far people came, filtered by what stands in the URL; readers of sums are
// told nothing about few people.
func TestTheShopInFigures(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	for i := range 6 {
		visit := models.NewID()
		acts := []funnel.Event{{Kind: funnel.ViewList}, {Kind: funnel.AddToCart}}
		if i < 2 {
			acts = append(acts, funnel.Event{Kind: funnel.StartCheckout}, funnel.Event{Kind: funnel.Pay, AmountMinor: 3400, Currency: "EUR"})
		}
		for _, e := range acts {
			e.Channel, e.Language, e.Visit = funnel.Web, models.Spanish, visit
			s.must(s.Funnel.Record(t.Context(), e))
		}
	}
	visit := models.NewID()
	s.must(s.Funnel.Record(t.Context(), funnel.Event{Kind: funnel.WhatsAppIntent, Step: "cart", Channel: funnel.WhatsApp, Language: models.Arabic, Visit: visit}))
	rows := func(role models.Role, path string) string {
		t.Helper()
		got := s.see(role, path)
		if got.StatusCode != 200 {
			t.Fatalf("%s for %s: %d", path, role, got.StatusCode)
		}
		var cells []string
		got.doc(t).Find("tbody td, tbody th").Each(func(_ int, cell *goquery.Selection) { cells = append(cells, strings.TrimSpace(cell.Text())) })
		return strings.Join(cells, " ")
	}
	for path, want := range map[string]string{
		funnelPath + "?channel=web": "Pages Spanish 6 6 2 2 33.3% 100.0% 33.3% 100.0%", funnelPath + "/sales": "EUR 2 €68.00 €34.00", funnelPath + "/left": "See the cart 1",
	} {
		if got := rows(models.RolePM, path); !strings.Contains(got, want) {
			t.Errorf("%s says %q, want %q", path, got, want)
		}
	}
	if got := rows(models.RoleStakeholder, funnelPath+"?channel=web"); !strings.Contains(got, "6 6 <5 <5 –") {
		t.Errorf("a stakeholder reads %q", got)
	}
	if got := rows(models.RoleStakeholder, funnelPath+"/sales"); strings.Contains(got, "34") || !strings.Contains(got, "<5 – –") {
		t.Errorf("of sales a stakeholder reads %q", got)
	}
	for _, path := range []string{"/support", "/replies", "?language=ar&channel=web&day.from=2026-01-01", "?day.from=2020-01-01&day.to=2026-12-31"} {
		rows(models.RoleFinance, funnelPath+path)
	}
	if csv := s.see(models.RolePM, funnelPath+"?format=csv&language=es"); !strings.Contains(csv.body, "33.3%") {
		t.Errorf("the file reads %q", csv.body)
	}
}
