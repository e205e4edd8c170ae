package handlers

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/internal/audit"
	"frontdesk/models"
)

// What changes did to understanding is read by whoever reads Content, page by page, narrowed and as a file.
func TestWhatChangesDid(t *testing.T) {
	t.Parallel()
	s := newWords(t)
	const path = "/console/content/changes"
	if got := s.see(models.RolePM, path).doc(t); got.Find("tbody tr").Length() != 0 || !strings.Contains(got.Text(), "Nothing was changed yet") {
		t.Errorf("before any change: %s", got.Find("main").Text())
	}
	for i := range 60 {
		action, kind, key := "faq.changed", "faq_text", fmt.Sprintf("question_%d", i)
		if i == 0 {
			action, kind, key = "policy.changed", "policy", "clarify.max"
		}
		s.must(s.Audit.Record(t.Context(), audit.Entry{
			Actor: "system", Action: action, SubjectKind: kind, SubjectID: key, Before: map[string]any{"version": 1}, After: map[string]any{"version": 2},
		}))
	}
	for range 2 {
		_, err := s.Chat.NoteIterations(t.Context())
		s.must(err)
	}
	s.must(s.DB.On(t.Context()).Exec(`UPDATE iterations SET measured_at = at, messages = 7, changed = 2, before_understood = 4, after_understood = 6,
		before_unclear = 3, after_unclear = 1 WHERE key <> 'question_59'`).Error)

	page := s.see(models.RoleOperator, path).doc(t)
	rows := page.Find("tbody tr")
	if rows.Length() != 50 || !strings.Contains(rows.First().Text(), "question_59") || !strings.Contains(rows.First().Text(), "being measured") {
		t.Errorf("%d rows, first %q", rows.Length(), rows.First().Text())
	}
	if second := strings.Join(strings.Fields(rows.Eq(1).Text()), " "); !strings.Contains(second, "4 → 6") || !strings.Contains(second, "3 → 1") {
		t.Errorf("second row: %q", second)
	}
	if page.Find(`a[href^="/console/audit/"]`).Length() != 0 {
		t.Error("an operator is led to the audit log")
	}
	if s.see(models.RoleAdmin, path).doc(t).Find(`a[href^="/console/audit/"]`).Length() == 0 {
		t.Error("an administrator is not led to the audit log")
	}
	next, ok := page.Find(`a[href*="after="]`).Last().Attr("href")
	if !ok {
		t.Fatal("there is no next page")
	}
	if got := s.see(models.RoleOperator, next).doc(t).Find("tbody tr"); got.Length() != 10 || !strings.Contains(got.Last().Text(), "clarify.max") {
		t.Errorf("%d rows on the second page, last %q", got.Length(), got.Last().Text())
	}
	if got := s.see(models.RoleOperator, path+"?kind=policy").doc(t).Find("tbody tr"); got.Length() != 1 {
		t.Errorf("%d policies", got.Length())
	}
	file := s.see(models.RolePM, path+"?format=csv")
	if got := file.body; strings.Count(got, "faq") < 59 && strings.Count(got, "question_") != 59 || !strings.Contains(got, "4 → 6") {
		t.Errorf("the file reads %.300s", got)
	}
}
