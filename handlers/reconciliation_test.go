package handlers

import (
	"strings"
	"testing"

	"frontdesk/internal/stripeapi"
	"frontdesk/models"
)

// unmatched is a difference that stands.
func (s *salon) unmatched(kind models.DifferenceKind, here int64) models.ID {
	s.t.Helper()
	id, now := models.NewID(), s.Clock.Now()
	s.must(s.DB.On(s.t.Context()).Exec(`INSERT INTO reconciliation_differences (id, key, kind, state, ref, intent, here_minor, here_currency, here_state, there_minor, there_currency, there_state, since, found_at, seen_at)
		VALUES (?, ?, ?, 'open', 'ch_1', 'pi_1', ?, 'EUR', 'paid', 1600, 'EUR', 'paid', ?, ?, ?)`, id, id.String(), kind, here, now, now, now).Error)
	return id
}

// reconciliationThings are a comparison and differences, one of them explained.
func (s *salon) reconciliationThings() map[string][]string {
	s.t.Helper()
	now := s.Clock.Now()
	run, err := s.Books.Begin(s.t.Context(), "machine", stripeapi.Window{From: now.AddDate(0, 0, -1), To: now})
	s.must(err)
	return map[string][]string{compareRuns + "/": {run.ID.String()}, booksPath + "/": {s.unmatched(models.DiffAmount, 1500).String()}}
}

// Finance sees what does not match where it begins its day, explains it with a note, and opens it again; operators look and do not touch.
func TestDifferencesAreExplained(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	id := s.unmatched(models.DiffAmount, 1500)
	finance := s.tab()
	finance.password(s.people["finance"], testPassword)
	finance.get("/console")
	finance.shows(200, "Money that does not match", "15.00", "16.00")
	finance.get(booksPath + "?kind=amount&state=open")
	finance.shows(200, "Amount or currency differs")
	finance.get(booksPath + "?kind=twice")
	finance.shows(200, "No difference matches")
	finance.get(booksPath + "?format=csv")
	finance.shows(200, "15.00", "Amount or currency differs")
	finance.get(differenceURL(id, ""))
	finance.shows(200, "15.00", "16.00", "ch_1", "pi_1")
	explain := differenceURL(id, "explain")
	finance.get(explain)
	finance.post(explain, "version", "1", "note", "")
	finance.shows(422, "Explanation")
	finance.get(explain)
	finance.post(explain, "version", "1", "note", "The bank kept a fee.")
	finance.leads(differenceURL(id, ""))
	finance.get(differenceURL(id, ""))
	finance.shows(200, "The bank kept a fee.", "Explained")
	finance.get(explain)
	finance.post(explain, "version", "1", "note", "Once more.")
	finance.shows(422, "changed meanwhile")
	finance.get("/console")
	if finance.shows(200); strings.Contains(finance.page.body, "Money that does not match") {
		t.Error("what is explained still needs somebody")
	}
	reopen := differenceURL(id, "reopen")
	finance.get(reopen)
	finance.post(reopen, "version", "2")
	finance.leads(differenceURL(id, ""))
	operator := s.tab()
	operator.password(s.people["operator"], testPassword)
	operator.get(differenceURL(id, ""))
	operator.shows(200, "15.00")
	operator.get(explain)
	operator.shows(403)
	finance.get(booksPath + "/none")
	finance.shows(404, "no such difference")
}

// A comparison is asked for by days: at most 31, none to come, one at a time.
func TestAComparisonIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	finance := s.tab()
	finance.password(s.people["finance"], testPassword)
	now := s.Clock.Now()
	day := func(back int) string { return now.AddDate(0, 0, -back).Format("2006-01-02") }
	path := booksPath + "/compare"
	for _, c := range []struct{ from, to, says string }{
		{day(1), day(2), "must not end before it begins"}, {day(40), day(1), "31 days at most"}, {day(-1), day(-2), "Nothing of that day"}, {"soon", day(1), "From"},
	} {
		finance.get(path)
		finance.post(path, "from", c.from, "to", c.to)
		finance.shows(422, c.says)
	}
	finance.get(path)
	finance.post(path, "from", day(30), "to", day(0))
	finance.leads(compareRuns + "/")
	finance.get(booksPath)
	finance.shows(200, "Under way")
	finance.get(path)
	finance.post(path, "from", day(1), "to", day(0))
	finance.shows(422, "A comparison is under way")
}
