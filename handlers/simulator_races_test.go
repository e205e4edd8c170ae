package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// racesAre waits until the lab's page says how the last run ended.
func (b *browser) racesAre(over string) *goquery.Document {
	b.salon.t.Helper()
	var page *goquery.Document
	testkit.Eventually(b.salon.t, 3*time.Minute, "the races are over", func() bool {
		page = b.sees("/races").doc(b.salon.t)
		return strings.Contains(page.Find("#lab-run").Text(), over)
	})
	return page
}

// Somebody runs the races from the browser, sees how each ended and how long it took, and takes the timings along.
func TestRacesAreRunFromTheBrowser(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	operator := st.open(models.RoleOperator)
	if got := operator.sees("/races").body; !strings.Contains(got, "No races yet") {
		t.Error("an empty lab does not say so")
	}
	if got := operator.sees("/races/run").body; !strings.Contains(got, "A scratch database is made") {
		t.Error("the form does not say where the races are run")
	}
	for _, repetitions := range []string{"", "0", "21", "-1", "many", "1e3"} {
		got := operator.plays("races/run", "repetitions", repetitions)
		if got.StatusCode != 422 || got.doc(t).Find("[name=repetitions][aria-invalid=true]").Length() != 1 {
			t.Errorf("%q repetitions: got %d", repetitions, got.StatusCode)
		}
	}
	if got := operator.plays("races/run", "repetitions", "1"); got.StatusCode != 303 || got.Header.Get("Location") != "/console/simulator/races" {
		t.Fatalf("run: got %d: %.300s", got.StatusCode, got.body)
	}
	if got := operator.plays("races/run", "repetitions", "1"); got.StatusCode != 422 || !strings.Contains(got.body, "being run already") {
		t.Errorf("a second run beside it: got %d", got.StatusCode)
	}
	program := st.call("POST", "/console/simulator/races/run", []byte(`{"repetitions":1}`), "Cookie: "+operator.cookie, "X-CSRF-Token: "+operator.csrf, typeJSON, "Accept: application/json")
	if program.StatusCode != 409 || program.code(t) != "races.busy" {
		t.Errorf("a program's run beside it: got %d %s", program.StatusCode, program.body)
	}
	page := operator.racesAre("Everything held")
	if n := page.Find(".lab-table tbody tr").Length(); n != 8 {
		t.Errorf("%d races are shown", n)
	}
	table := page.Find(".lab-table").Text()
	if !strings.Contains(table, "Two customers take one time") || !strings.Contains(table, "ms") || strings.Contains(table, "Broke") {
		t.Errorf("the table: %s", table)
	}
	link, _ := page.Find("#lab-run a[href$='timings.csv']").Attr("href")
	file := operator.sees(strings.TrimPrefix(link, "/console/simulator"))
	lines := strings.Split(strings.TrimSpace(file.body), "\n")
	if file.StatusCode != 200 || lines[0] != "race,round,ms,outcome" || len(lines) < 100 || !strings.Contains(file.Header.Get("Content-Disposition"), "race-timings-") {
		t.Errorf("the timings: got %d, %d lines, the first %q", file.StatusCode, len(lines), lines[0])
	}
	whole := operator.sees(strings.TrimPrefix(strings.Replace(link, ".csv", ".json", 1), "/console/simulator")).json(t)
	if whole["passed"] != true || whole["repetitions"] != 1.0 {
		t.Errorf("as JSON: passed %v, repetitions %v", whole["passed"], whole["repetitions"])
	}
	if n := st.count("audit_log WHERE action = 'simulator.races'"); n != 1 {
		t.Errorf("%d audit entries, want 1", n)
	}
}

// Whoever may not play may not race, and timings of nothing are not found.
func TestRacesAreNotForEverybody(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	stakeholder := st.open(models.RoleStakeholder)
	if got := stakeholder.sees("/races"); got.StatusCode != 403 {
		t.Errorf("a stakeholder reads the lab: got %d", got.StatusCode)
	}
	if got := stakeholder.plays("races/run", "repetitions", "1"); got.StatusCode != 403 {
		t.Errorf("a stakeholder runs races: got %d", got.StatusCode)
	}
	if got := st.call("POST", "/console/simulator/races/run", nil, typeForm, "Accept: application/json"); got.StatusCode != 401 {
		t.Errorf("nobody runs races: got %d", got.StatusCode)
	}
	pm := st.open(models.RolePM)
	for _, path := range []string{"/races/none/timings.csv", "/races/" + models.NewID().String() + "/timings.json", "/races/..%2f..%2fstate/timings.csv"} {
		if got := pm.sees(path); got.StatusCode != 404 {
			t.Errorf("%s: got %d", path, got.StatusCode)
		}
	}
	if got := st.count("audit_log WHERE action = 'simulator.races'"); got != 0 {
		t.Errorf("%d audit entries of what was refused", got)
	}
}
