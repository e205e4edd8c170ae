package handoff_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

func (r *room) take(by models.ID, from *models.ID) error {
	_, err := r.desk.TakeOver(context.Background(), handoff.Claim{ConversationID: r.conv.ID, StaffID: by, From: from})
	return err
}

func (r *room) handBack(by models.ID) error {
	return r.desk.HandBack(context.Background(), r.conv.ID, by)
}

func (r *room) holder() *models.ID {
	r.t.Helper()
	conv, err := r.thread.Conversation(context.Background(), r.conv.ID)
	r.must(err)
	return conv.Holder(r.clock.Now())
}

// lines are the kinds of what happened, in order.
func (r *room) lines() string {
	r.t.Helper()
	rec, err := r.desk.Record(context.Background(), r.conv.ID, 0, 0)
	r.must(err)
	var kinds []string
	for _, e := range rec.Events {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

// actions are the entries of the audit log about a subject, oldest first.
func (r *room) actions(kind string, id models.ID) []models.AuditEntry {
	r.t.Helper()
	list, err := audit.New(r.db, r.clock).Entries(context.Background(), audit.Query{SubjectKind: kind, SubjectID: id.String()})
	r.must(err)
	slices.Reverse(list)
	return list
}

func wantFault(t *testing.T, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("got %v, want the fault %s", err, key)
	}
}

func TestTakeOverAndHandBack(t *testing.T) {
	r := openRoom(t)
	r.must(r.take(r.marta, nil))
	r.hand.Advance(time.Hour)
	r.must(r.take(r.marta, nil)) // it is hers already
	if h := r.holder(); h == nil || *h != r.marta {
		t.Fatalf("holder %v, want Marta", h)
	}
	wantFault(t, r.take(r.paul, nil), "handoff.taken")
	wantFault(t, r.take(r.paul, &r.paul), "handoff.taken")
	wantFault(t, r.handBack(r.paul), "handoff.taken")
	r.must(r.take(r.paul, &r.marta)) // he was asked, and goes on
	wantFault(t, r.handBack(r.marta), "handoff.taken")
	r.must(r.handBack(r.paul))
	r.must(r.handBack(r.paul)) // it is the assistant's already
	if r.human() || r.lines() != "taken_over taken_over handed_back" {
		t.Errorf("human %v, lines %q", r.human(), r.lines())
	}
	entries := r.actions("conversation", r.conv.ID)
	if len(entries) != 3 || entries[1].Action != "conversation.taken_over" || entries[1].Actor != "staff:"+r.paul.String() ||
		!strings.Contains(string(entries[1].Before), r.marta.String()) {
		t.Errorf("audit: %+v", entries)
	}
}

// Two ask at once, many times: one has it, and the other hears who.
func TestTwoTakeOverAtOnce(t *testing.T) {
	r := openRoom(t)
	names := map[models.ID]string{r.marta: "Marta", r.paul: "Paul"}
	for range 20 {
		var wg sync.WaitGroup
		errs := map[models.ID]error{}
		var mu sync.Mutex
		for id := range names {
			wg.Go(func() {
				err := r.take(id, nil)
				mu.Lock()
				defer mu.Unlock()
				errs[id] = err
			})
		}
		wg.Wait()
		holder := r.holder()
		if holder == nil {
			t.Fatal("nobody has it")
		}
		for id, err := range errs {
			var f *fault.Fault
			switch {
			case id == *holder && err != nil:
				t.Errorf("the winner got %v", err)
			case id != *holder && (!errors.As(err, &f) || f.Key != "handoff.taken" || f.Facts["Name"] != names[*holder]):
				t.Errorf("the other got %v, want to hear of %s", err, names[*holder])
			}
		}
		r.must(r.handBack(*holder))
	}
}

func TestHumanModeRunsOut(t *testing.T) {
	r := openRoom(t)
	r.must(r.take(r.marta, nil))
	until := r.clock.Now().Add(24 * time.Hour)
	r.hand.Advance(24*time.Hour - time.Second)
	if n, err := r.desk.Expire(context.Background()); err != nil || n != 0 || !r.human() {
		t.Fatalf("%d ended too early, %v", n, err)
	}
	r.hand.Advance(time.Hour)
	var wg sync.WaitGroup
	var ended [4]int
	for i := range ended {
		wg.Go(func() {
			var err error
			ended[i], err = r.desk.Expire(context.Background())
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if sum := ended[0] + ended[1] + ended[2] + ended[3]; sum != 1 || r.lines() != "taken_over expired" {
		t.Errorf("ended %d times, lines %q", sum, r.lines())
	}
	rec, err := r.desk.Record(context.Background(), r.conv.ID, 0, 0)
	r.must(err)
	last := rec.Events[1]
	if !last.At.Equal(until) || last.FromStaffID == nil || *last.FromStaffID != r.marta {
		t.Errorf("the line says %+v, want Marta's at %s", last, until)
	}
	r.must(r.take(r.paul, nil))
}

// What the assistant says once human mode has run out is sent, whenever the sweep comes by; what it had
// said before never is (rule 5).
func TestTheSweepSilencesOnlyWhatWasSaidInHumanMode(t *testing.T) {
	r := openRoom(t)
	reply := func(text string) models.Message {
		m, _, err := r.thread.Say(context.Background(), thread.Outgoing{
			ConversationID: r.conv.ID, Class: models.ClassReply, Language: models.English,
			Content: models.Content{Kind: models.KindText, Text: text},
		})
		r.must(err)
		return m
	}
	r.must(r.take(r.marta, nil))
	r.hand.Advance(23 * time.Hour)
	during := reply("said while Marta had it")
	r.hand.Advance(time.Hour)
	after := reply("said to somebody who wrote the moment it was over")
	if n, err := r.desk.Expire(context.Background()); err != nil || n != 1 {
		t.Fatalf("%d ended, %v", n, err)
	}
	conv, err := r.thread.Conversation(context.Background(), r.conv.ID)
	r.must(err)
	if now := r.clock.Now(); !conv.Silences(during, now) || conv.Silences(after, now) {
		t.Errorf("silenced up to %d; the replies are %d and %d", conv.SilencedSeq, during.Seq, after.Seq)
	}
}

// While a case waits for its word the conversation is not handed back beside it; a silent one does not count.
func TestHandBackWaitsForTheCase(t *testing.T) {
	r := openRoom(t)
	silent, _ := r.open(handoff.Request{Reason: models.ReasonRefundFailure, Silent: true})
	r.must(r.take(r.marta, nil))
	loud, _ := r.open(handoff.Request{Reason: models.ReasonComplaint})
	if h := r.holder(); h == nil || *h != r.marta {
		t.Fatal("a case took the conversation from Marta")
	}
	wantFault(t, r.handBack(r.marta), "handoff.case_open")
	wantFault(t, r.resolve(loud, r.paul), "handoff.taken")
	r.must(r.resolve(silent, r.marta))
	if !r.human() {
		t.Error("a case that never called for a person gave the conversation back")
	}
	r.must(r.resolve(loud, r.marta))
	if r.human() || !strings.HasSuffix(r.lines(), "case_resolved handed_back") {
		t.Errorf("human %v, lines %q", r.human(), r.lines())
	}
}

// The same trouble that first left the conversation with the assistant may call for a person later: the
// case then keeps the conversation until it is resolved, and says what happened last.
func TestASilentCaseMayCallForAPersonLater(t *testing.T) {
	r := openRoom(t)
	c, _ := r.open(handoff.Request{Reason: models.ReasonPaymentFailure, Silent: true, Summary: "no link yet"})
	r.must(r.desk.Answered(context.Background(), r.conv.ID))
	again, opened := r.open(handoff.Request{Reason: models.ReasonPaymentFailure, Summary: "the last attempt failed"})
	if opened || again.ID != c.ID || !r.human() {
		t.Fatalf("opened %v, human %v", opened, r.human())
	}
	stored, err := r.desk.Case(context.Background(), c.ID)
	r.must(err)
	if stored.Silent || stored.Summary != "the last attempt failed" || stored.AnsweredAt != nil {
		t.Errorf("the case is %+v", stored)
	}
	wantFault(t, r.handBack(r.marta), "handoff.case_open")
	if _, opened := r.open(handoff.Request{Reason: models.ReasonPaymentFailure, Silent: true, Summary: "quiet again"}); opened {
		t.Error("a second case of one trouble")
	}
	r.must(r.resolve(c, r.marta))
	if r.human() {
		t.Error("the resolved case keeps the conversation")
	}
}

// A case ends with a word of the closed list or not at all, in the rule and in the table.
func TestNoCaseEndsWithoutItsLabel(t *testing.T) {
	r := openRoom(t)
	for i, label := range models.CaseLabels() {
		c, _ := r.open(handoff.Request{Reason: models.ReasonManualRequest})
		for _, none := range []models.CaseLabel{"", "maybe"} {
			err := r.desk.Resolve(context.Background(), handoff.Resolution{CaseID: c.ID, StaffID: r.marta, Label: none})
			wantFault(t, err, "handoff.label")
		}
		r.must(r.desk.Resolve(context.Background(), handoff.Resolution{CaseID: c.ID, StaffID: r.marta, Label: label}))
		stored, err := r.desk.Case(context.Background(), c.ID)
		r.must(err)
		if stored.Label != label {
			t.Errorf("label %q is kept as %q", label, stored.Label)
		}
		p, err := r.desk.Precision(context.Background(), now)
		if err != nil || p.Needed != 1 || p.Resolved != i+1 {
			t.Errorf("after %s: %+v, %v", label, p, err)
		}
	}
	c, _ := r.open(handoff.Request{Reason: models.ReasonComplaint})
	if err := r.db.On(context.Background()).Exec("UPDATE cases SET status = 'resolved' WHERE id = ?", c.ID).Error; err == nil {
		t.Error("the table took a resolved case without a label")
	}
	list, err := r.desk.Resolved(context.Background(), handoff.Filter{Label: models.LabelNoise})
	if err != nil || len(list) != 1 || list[0].Label != models.LabelNoise {
		t.Errorf("resolved as noise: %+v, %v", list, err)
	}
}

// A note is no message: nothing is queued, and the log knows it by its id.
func TestNotesStayInTheHouse(t *testing.T) {
	r := openRoom(t)
	n := handoff.Note{ConversationID: r.conv.ID, StaffID: r.marta, Body: " allergic to ammonia ", Key: "form"}
	first, err := r.desk.Write(context.Background(), n)
	r.must(err)
	for range 2 {
		again, err := r.desk.Write(context.Background(), n)
		r.must(err)
		if again.ID != first.ID {
			t.Errorf("the form posted again names the note %s, want %s", again.ID, first.ID)
		}
	}
	rec, err := r.desk.Record(context.Background(), r.conv.ID, 0, 0)
	r.must(err)
	if len(rec.Notes) != 1 || rec.Notes[0].Body != "allergic to ammonia" || rec.Notes[0].StaffID != r.marta {
		t.Errorf("notes: %+v", rec.Notes)
	}
	messages, err := r.thread.Last(context.Background(), r.conv.ID, 10)
	r.must(err)
	if len(messages) != 0 || len(testkit.Jobs(t, r.db, "notify.flush")) != 0 {
		t.Errorf("a note became %d messages and %d sends", len(messages), len(testkit.Jobs(t, r.db, "notify.flush")))
	}
	entries := r.actions("conversation", r.conv.ID)
	if len(entries) != 1 || strings.Contains(string(entries[0].Detail), "ammonia") || !strings.Contains(string(entries[0].Detail), rec.Notes[0].ID.String()) {
		t.Errorf("audit: %+v", entries)
	}
	for body, want := range map[string]string{" ": "handoff.note.empty", strings.Repeat("ش", 2001): "handoff.note.long"} {
		n.Body = body
		_, err := r.desk.Write(context.Background(), n)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Fields["body"] != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	n.Body = strings.Repeat("ش", 2000)
	_, err = r.desk.Write(context.Background(), n)
	r.must(err)
}

// A program sends no key: what a colleague writes about one customer may be said of the next, and again.
func TestNotesWithoutAKeyAreAllKept(t *testing.T) {
	r := openRoom(t)
	for range 2 {
		_, err := r.desk.Write(context.Background(), handoff.Note{ConversationID: r.conv.ID, StaffID: r.marta, Body: "called, no answer"})
		r.must(err)
	}
	rec, err := r.desk.Record(context.Background(), r.conv.ID, 0, 0)
	r.must(err)
	if len(rec.Notes) != 2 {
		t.Errorf("%d notes, want both", len(rec.Notes))
	}
}

// Reading is in the log once a person, conversation and day (R-1016).
func TestReadingIsRecordedOnceADay(t *testing.T) {
	r := openRoom(t)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if err := r.desk.Read(context.Background(), "staff:1", r.conv.ID); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r.must(r.desk.Read(context.Background(), "staff:2", r.conv.ID))
	if got := r.actions("conversation", r.conv.ID); len(got) != 2 || got[0].Action != "conversation.read" {
		t.Errorf("got %+v, want one entry of each reader", got)
	}
}

// Events, notes and messages stand in one order.
func TestOneOrderOfATranscript(t *testing.T) {
	r := openRoom(t)
	r.hear("first")
	r.must(r.take(r.marta, nil))
	_, err := r.desk.Write(context.Background(), handoff.Note{ConversationID: r.conv.ID, StaffID: r.marta, Body: "note", Key: "1"})
	r.must(err)
	r.hear("second")
	messages, err := r.thread.Last(context.Background(), r.conv.ID, 10)
	r.must(err)
	rec, err := r.desk.Record(context.Background(), r.conv.ID, messages[0].Seq, 0)
	r.must(err)
	if len(rec.Events) != 1 || len(rec.Notes) != 1 {
		t.Fatalf("record: %+v", rec)
	}
	order := []int64{messages[0].Seq, rec.Events[0].Seq, rec.Notes[0].Seq, messages[1].Seq}
	if !slices.IsSorted(order) {
		t.Errorf("order %v", order)
	}
	earlier, err := r.desk.Record(context.Background(), r.conv.ID, 0, messages[0].Seq)
	if err != nil || len(earlier.Events)+len(earlier.Notes) != 0 {
		t.Errorf("before the first: %+v, %v", earlier, err)
	}
}
