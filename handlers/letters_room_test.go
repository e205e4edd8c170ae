package handlers

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"frontdesk/internal/audit"
	"frontdesk/models"
)

// told are the lines of a letter's past on its page.
func (s *salon) told(job int64) string {
	s.t.Helper()
	return s.see(models.RoleOperator, letterURL(job, "")).doc(s.t).Find(".history").Text()
}

// Whatever was discarded can be found and taken back for a day, however much was discarded since; who did it and why stands
// with the job, and stays when it is taken back (R-1108).
func TestADiscardingIsFoundAndTakenBack(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	last := s.died(8)
	before := s.dead()
	for i := range int64(7) {
		job := fmt.Sprint(last - 7 + i)
		got := s.post(models.RoleOperator, lettersPath+"/discard?id="+job, url.Values{"reason": {"nobody waits for " + job}})
		if got.StatusCode != 303 {
			t.Fatalf("discard %s: %d %.300s", job, got.StatusCode, got.body)
		}
	}
	first := last - 7
	list := s.see(models.RoleOperator, dropsPath).doc(t)
	if n := list.Find("tbody tr").Length(); n != 7 {
		t.Errorf("%d discardings are listed, want 7", n)
	}
	way := list.Find("tbody tr:last-child a").AttrOr("href", "")
	drop := s.see(models.RoleOperator, way).doc(t)
	if text := drop.Find("main").Text(); !strings.Contains(text, "nobody waits for "+fmt.Sprint(first)) || drop.Find("tbody a[href='"+letterURL(first, "")+"']").Length() != 1 {
		t.Errorf("the first discarding's page: %s", text)
	}
	page := s.see(models.RoleOperator, letterURL(first, "")).doc(t)
	undo := page.Find("main a[href$='/undo']").AttrOr("href", "")
	if undo == "" || undo != drop.Find("main a[href$='/undo']").AttrOr("href", "") {
		t.Fatalf("the job's way back is %q", undo)
	}
	if past := s.told(first); !strings.Contains(past, "Discarded failed jobs") || !strings.Contains(past, "nobody waits for "+fmt.Sprint(first)) {
		t.Errorf("the job's past says %q", past)
	}
	if other := s.see(models.RoleFinance, undo).StatusCode; other != 403 {
		t.Errorf("who may not act takes it back: %d", other)
	}
	if got := s.post(models.RoleOperator, undo, nil); got.StatusCode != 303 {
		t.Fatalf("taken back: %d %.300s", got.StatusCode, got.body)
	}
	if past := s.told(first); !strings.Contains(past, "Discarded failed jobs") || !strings.Contains(past, "Took a discarding of failed jobs back") {
		t.Errorf("after it was taken back the job's past says %q", past)
	}
	if n := s.dead(); n != before-6 {
		t.Errorf("%d of %d are dead, want all but six that stay discarded", n, before)
	}
	entries, err := s.Audit.Entries(t.Context(), audit.Query{Action: "letters.discarded"})
	if err != nil || len(entries) != 7 || !strings.Contains(string(entries[6].Detail), `"ids": "`+strconv.FormatInt(first, 10)+`"`) {
		t.Errorf("the log says %s, %v", entries[6].Detail, err)
	}
	if got := s.post(models.RoleOperator, lettersPath+"/requeue?id="+fmt.Sprint(first), url.Values{"rate": {"0"}}); got.StatusCode != 303 {
		t.Fatalf("brought back: %d %.300s", got.StatusCode, got.body)
	}
	if past := s.told(first); !strings.Contains(past, "Began to bring failed jobs back") {
		t.Errorf("after it was brought back with others the job's past says %q", past)
	}
	if n := s.see(models.RoleOperator, runsPath).doc(t).Find("tbody tr").Length(); n != 1 {
		t.Errorf("%d runs are listed", n)
	}
}

// Who may see counts sees kinds and numbers, on the page and in its file: what jobs failed of may be in anybody's words (R-1203).
func TestCountsTellNoErrors(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.died(3)
	for _, path := range []string{lettersPath, lettersPath + "?format=csv", lettersPath + "?q=whatsapp"} {
		if got := s.see(models.RoleOperator, path); got.StatusCode != 200 || !strings.Contains(string(got.body), "whatsapp says") {
			t.Errorf("an operator sees no error at %s: %d", path, got.StatusCode)
		}
		got := s.see(models.RolePM, path)
		if got.StatusCode != 200 || strings.Contains(string(got.body), "whatsapp says") || !strings.Contains(string(got.body), "notify.flush") {
			t.Errorf("at %s a product manager sees more or less than counts: %d", path, got.StatusCode)
		}
	}
}
