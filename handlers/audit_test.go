package handlers

import (
	"context"
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"frontdesk/internal/audit"
)

// logged fills the log with entries of two services.
func (s *salon) logged(n int) {
	s.t.Helper()
	for i := range n {
		s.must(s.Audit.Record(context.Background(), audit.Entry{
			Actor: "machine", Action: "price.changed", SubjectKind: "service", SubjectID: "s" + strconv.Itoa(i%2), Reason: "=season",
			Before: map[string]any{"price": 2500 + i}, After: map[string]any{"price": 2600 + i},
		}))
	}
}

func TestAuditRoom(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.logged(120)
	cookie := "Cookie: " + s.signIn("admin")
	read := func(path string) answer { return s.call("GET", path, nil, cookie, "Accept: text/html") }
	first := read("/console/audit?action=price.changed").doc(t)
	if n := first.Find("tbody tr").Length(); n != 50 {
		t.Fatalf("first page: %d rows", n)
	}
	if first.Find("a[rel=prev]").Length() != 0 {
		t.Error("the first page leads back")
	}
	second := read(first.Find("a[rel=next]").AttrOr("href", "")).doc(t)
	third := read(second.Find("a[rel=next]").AttrOr("href", "")).doc(t)
	if n := third.Find("tbody tr").Length(); n != 20 || third.Find("a[rel=next]").Length() != 0 {
		t.Errorf("last page: %d rows", n)
	}
	back := read(third.Find("a[rel=prev]").AttrOr("href", "")).doc(t)
	if got, want := back.Find("tbody").Text(), second.Find("tbody").Text(); got != want {
		t.Error("going back shows another page than going on")
	}
	if n := read("/console/audit?kind=service&subject=s1&who=machine").doc(t).Find("tbody tr").Length(); n != 50 {
		t.Errorf("one service: %d rows", n)
	}
	if none := read("/console/audit?at.to=2001-01-01").doc(t); none.Find(".empty").Length() != 1 || none.Find(`.empty a[href="/console/audit"]`).Length() != 1 {
		t.Error("no match shows no way back")
	}
	if got := read("/console/audit?who=nonsense&sort=x&after=x&cols=zzz"); got.StatusCode != 200 {
		t.Errorf("a mistyped address: got %d", got.StatusCode)
	}
	entry := read(third.Find("tbody a.row-link").AttrOr("href", "")).doc(t)
	if text := entry.Find("main").Text(); !strings.Contains(text, "price") || !strings.Contains(text, "25") || len(entry.Find(".audit-hash").Text()) != 64 {
		t.Errorf("the entry: %s", text)
	}
	for _, missing := range []string{"0", "999999999", "x", "-1"} {
		if got := read("/console/audit/" + missing); got.StatusCode != 404 {
			t.Errorf("entry %s: got %d", missing, got.StatusCode)
		}
	}
}

// A file holds exactly the view, every page of it, in the reader's words, and no formula.
func TestAuditAsAFile(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.logged(120)
	got := s.call("GET", "/console/audit?kind=service&subject=s0&cols=at,who,action,reason&format=csv&lang=", nil, "Cookie: fd_lang=es; "+s.signIn("admin"))
	if !strings.HasPrefix(got.body, "\uFEFF") || !strings.HasPrefix(got.Header.Get("Content-Disposition"), `attachment; filename="audit-2026-10-09.csv"`) {
		t.Fatalf("headers %v, %.40q", got.Header, got.body)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 61 {
		t.Fatalf("%d lines, %v", len(rows), err)
	}
	if strings.Join(rows[0], " ") != "Cuándo Quién Qué Motivo" || rows[1][3] != "'=season" {
		t.Errorf("got %q, %q", rows[0], rows[1])
	}
}

func TestAuditVerifiesInTheConsole(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	s.logged(3)
	b := s.open("admin")
	verify := func() answer {
		return s.call("POST", "/console/audit/verify", []byte("csrf="+b.csrf), typeForm, "Cookie: "+b.cookie, "Accept: application/json")
	}
	result, _ := verify().json(t)["result"].(map[string]any)
	if result["brokenAt"] != float64(0) || len(result["head"].(string)) != 64 {
		t.Fatalf("verdict %v", result)
	}
	page := s.call("GET", "/console/audit", nil, "Cookie: "+b.cookie, "Accept: text/html").doc(t)
	if text := page.Find(".notice.good").Text(); !strings.Contains(text, result["head"].(string)) || !strings.Contains(text, "Person admin") {
		t.Errorf("the page says %q", text)
	}
	ctx := context.Background()
	s.must(s.DB.InTx(ctx, func(ctx context.Context) error {
		for _, sql := range []string{"SET LOCAL session_replication_role = replica", "UPDATE audit_log SET reason = 'another' WHERE id = 2"} {
			if err := s.DB.On(ctx).Exec(sql).Error; err != nil {
				return err
			}
		}
		return nil
	}))
	verify()
	page = s.call("GET", "/console/audit", nil, "Cookie: "+b.cookie, "Accept: text/html").doc(t)
	if page.Find(`.notice.danger a[href="/console/audit/2"]`).Length() != 1 {
		t.Errorf("a changed byte: the page says %q", page.Find(".notice").Text())
	}
}
