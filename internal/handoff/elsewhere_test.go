package handoff_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"frontdesk/internal/handoff"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// answersElsewhere plays a person who writes to Noor with another tool.
func (r *room) answersElsewhere(id string, at *models.ChatwootPlace) string {
	r.t.Helper()
	return r.answeredElsewhere(id, time.Time{}, at)
}

// answeredElsewhere plays words that a person wrote then.
func (r *room) answeredElsewhere(id string, written time.Time, at *models.ChatwootPlace) string {
	r.t.Helper()
	payload, err := json.Marshal(models.Echo{
		Channel: models.ChannelWhatsApp, To: "+447700900101", ProviderID: id, Chatwoot: at, At: written,
		Content: models.Content{Kind: models.KindText, Text: "Olga here"},
	})
	r.must(err)
	outcome, err := r.desk.Elsewhere(context.Background(), models.ProviderEvent{Kind: models.EventEcho, Payload: payload})
	r.must(err)
	return outcome
}

func (r *room) moves(status models.ChatwootStatus) string {
	r.t.Helper()
	return r.moved(models.ChatwootPlace{AccountID: 3, ChatwootID: 42, Status: status})
}

func (r *room) moved(at models.ChatwootPlace) string {
	r.t.Helper()
	payload, err := json.Marshal(models.PlaceChange{Place: at})
	r.must(err)
	outcome, err := r.desk.Moved(context.Background(), models.ProviderEvent{Kind: models.EventPlace, Payload: payload})
	r.must(err)
	return outcome
}

func (r *room) here() models.Conversation {
	r.t.Helper()
	conv, err := r.thread.Conversation(context.Background(), r.conv.ID)
	r.must(err)
	return conv
}

// What a person writes from the business's own phone silences the assistant for as long as a take-over,
// voids what it was about to say, and ends the waiting of the cases.
func TestAnsweredElsewhere(t *testing.T) {
	r := openRoom(t)
	c, _, err := r.desk.Open(context.Background(), handoff.Request{ConversationID: r.conv.ID, Reason: models.ReasonAmbiguity, Silent: true})
	r.must(err)
	r.hand.Advance(time.Minute)
	said := models.Message{Class: models.ClassReply, Seq: 1, CreatedAt: r.clock.Now()}
	if got := r.answersElsewhere("wamid.1", nil); got != handoff.OutcomeAnswered {
		t.Fatalf("outcome %q", got)
	}
	r.hand.Advance(time.Hour)
	if got := r.answersElsewhere("wamid.1", nil); got != handoff.OutcomeDuplicate {
		t.Errorf("the same again: outcome %q", got)
	}
	conv := r.here()
	if want := now.Add(time.Minute + 24*time.Hour); !conv.Human(r.clock.Now()) || !conv.HumanUntil.Equal(want) || !conv.Silences(said, r.clock.Now()) {
		t.Errorf("human until %v, want %v, and silence", conv.HumanUntil, want)
	}
	c, err = r.desk.Case(context.Background(), c.ID)
	if err != nil || c.AnsweredAt == nil {
		t.Errorf("the case still waits: %+v (%v)", c, err)
	}
	last, err := r.thread.Last(context.Background(), r.conv.ID, 5)
	if err != nil || len(last) != 1 || !last[0].Elsewhere() || last[0].Status != models.Sent || last[0].Content.Text != "Olga here" {
		t.Errorf("thread: %+v (%v)", last, err)
	}
	if r.lines() != "case_opened answered_elsewhere" || len(r.actions("conversation", r.conv.ID)) != 1 {
		t.Errorf("lines %q, audit %+v", r.lines(), r.actions("conversation", r.conv.ID))
	}
	r.answersElsewhere("wamid.2", nil) // each word keeps it for longer
	if want := r.clock.Now().Add(24 * time.Hour); !r.here().HumanUntil.Equal(want) {
		t.Errorf("human until %v, want %v", r.here().HumanUntil, want)
	}
}

// Whoever has the conversation keeps it when a colleague answers from the phone.
func TestAnsweredElsewhereBesideAColleague(t *testing.T) {
	r := openRoom(t)
	r.must(r.take(r.marta, nil))
	r.answersElsewhere("wamid.1", nil)
	if h := r.holder(); h == nil || *h != r.marta || r.lines() != "taken_over" {
		t.Errorf("holder %v, lines %q", h, r.lines())
	}
}

// A conversation stands in Chatwoot as it does here, and the other way round (H4).
func TestConversationInChatwoot(t *testing.T) {
	r := openRoom(t)
	ctx := context.Background()
	at := models.ChatwootPlace{AccountID: 3, ChatwootID: 42, Status: models.ChatwootPending}
	told := func() int { return len(testkit.Jobs(t, r.db, "chatwoot.status")) }
	if got := r.moves(models.ChatwootOpen); got != handoff.OutcomeIgnored {
		t.Errorf("a conversation we do not know: outcome %q", got)
	}
	r.must(r.desk.Placed(ctx, r.conv, at))
	if r.human() || told() != 0 {
		t.Fatalf("pending, and the assistant's: human %v, %d jobs", r.human(), told())
	}
	r.must(r.take(r.marta, nil))
	if told() != 1 {
		t.Errorf("taken over: Chatwoot is told %d times, want once", told())
	}
	if got := r.moves(models.ChatwootResolved); got != handoff.OutcomeNoted || !r.human() || told() != 2 {
		t.Errorf("somebody resolves what Marta has: outcome %q, human %v, %d jobs", got, r.human(), told())
	}
	r.must(r.handBack(r.marta))
	at.Status = models.ChatwootOpen // somebody took it there, then the customer wrote
	r.moves(models.ChatwootPending)
	r.must(r.desk.Placed(ctx, r.conv, at))
	if !r.human() {
		t.Error("the assistant speaks in a conversation that is open in Chatwoot")
	}
	if got := r.moves(models.ChatwootPending); got != handoff.OutcomeGivenBack || r.human() {
		t.Errorf("given back there: outcome %q, human %v", got, r.human())
	}
	_, _, err := r.desk.Open(ctx, handoff.Request{ConversationID: r.conv.ID, Reason: models.ReasonMedical})
	r.must(err)
	if got := r.moves(models.ChatwootResolved); got != handoff.OutcomeNoted || !r.human() {
		t.Errorf("resolved there while a case waits for its word: outcome %q, human %v", got, r.human())
	}
}

// An event that was under way while the conversation was handed back here does not take it again.
func TestHandedBackHereFirst(t *testing.T) {
	r := openRoom(t)
	at := models.ChatwootPlace{AccountID: 3, ChatwootID: 42, Status: models.ChatwootOpen}
	r.answersElsewhere("chatwoot:3:1", &at)
	r.must(r.handBack(r.marta))
	r.must(r.desk.Placed(context.Background(), r.conv, at))
	if r.human() {
		t.Error("it is people's again")
	}
}

// Words that come late silence the assistant for what is left of their day, and not at all where that is over or
// the conversation was given back since.
func TestAnsweredElsewhereLongAgo(t *testing.T) {
	r := openRoom(t)
	r.hand.Advance(48 * time.Hour)
	morning := r.clock.Now().Add(-20 * time.Hour)
	if got := r.answeredElsewhere("wamid.1", r.clock.Now().Add(-25*time.Hour), nil); got != handoff.OutcomeNoted || r.human() {
		t.Errorf("of yesterday: outcome %q, human %v", got, r.human())
	}
	if got := r.answeredElsewhere("wamid.2", morning, nil); got != handoff.OutcomeAnswered || !r.here().HumanUntil.Equal(morning.Add(24*time.Hour)) {
		t.Errorf("of this morning: outcome %q, human until %v", got, r.here().HumanUntil)
	}
	r.answersElsewhere("wamid.3", nil)
	longest := r.clock.Now().Add(24 * time.Hour)
	if r.answeredElsewhere("wamid.4", morning, nil); !r.here().HumanUntil.Equal(longest) {
		t.Errorf("older words shorten it to %v", r.here().HumanUntil)
	}
	r.must(r.handBack(r.marta))
	if got := r.answeredElsewhere("wamid.5", morning, nil); got != handoff.OutcomeNoted || r.human() {
		t.Errorf("given back since: outcome %q, human %v", got, r.human())
	}
	last, err := r.thread.Last(context.Background(), r.conv.ID, 9)
	if err != nil || len(last) != 5 {
		t.Errorf("%d messages are kept (%v), want all five", len(last), err)
	}
}

// What Chatwoot tells late, or of what we set there ourselves, is no word of a person.
func TestLateNewsOfChatwoot(t *testing.T) {
	r := openRoom(t)
	ctx := context.Background()
	at := func(status models.ChatwootStatus, second int) models.ChatwootPlace {
		return models.ChatwootPlace{AccountID: 3, ChatwootID: 42, Status: status, UpdatedAt: now.Add(time.Duration(second) * time.Second)}
	}
	set := func(status models.ChatwootStatus, second int) {
		r.must(r.db.On(ctx).Exec("UPDATE chatwoot_conversations SET status = ?, set_at = ?", status, now.Add(time.Duration(second)*time.Second)).Error)
	}
	r.must(r.desk.Placed(ctx, r.conv, at(models.ChatwootPending, 1)))
	answered := at(models.ChatwootPending, 5)
	r.answersElsewhere("chatwoot:3:1", &answered)
	if got := r.moved(at(models.ChatwootPending, 3)); got != handoff.OutcomeNoted || !r.human() {
		t.Errorf("older than the person's answer: outcome %q, human %v", got, r.human())
	}
	set(models.ChatwootOpen, 6) // the job has told Chatwoot
	if got := r.moved(at(models.ChatwootOpen, 7)); got != handoff.OutcomeNoted || !r.human() {
		t.Errorf("of what we set: outcome %q, human %v", got, r.human())
	}
	r.must(r.handBack(r.marta))
	set(models.ChatwootPending, 9)
	if r.must(r.desk.Placed(ctx, r.conv, at(models.ChatwootOpen, 8))); r.human() {
		t.Error("a message from before the hand-back takes the conversation again")
	}
	r.answersElsewhere("wamid.1", nil) // from the phone: nothing there tells of it
	if got := r.moved(at(models.ChatwootPending, 10)); got != handoff.OutcomeNoted || !r.human() {
		t.Errorf("of the hand-back here: outcome %q, human %v", got, r.human())
	}
	if r.must(r.desk.Placed(ctx, r.conv, at(models.ChatwootOpen, 11))); !r.human() {
		t.Error("open there now, the assistant speaks")
	}
	if got := r.moved(at(models.ChatwootResolved, 12)); got != handoff.OutcomeGivenBack || r.human() {
		t.Errorf("a person resolves it: outcome %q, human %v", got, r.human())
	}
	answered = at(models.ChatwootOpen, 13)
	r.answersElsewhere("chatwoot:3:2", &answered)
	if !r.human() {
		t.Error("a person answers, the assistant speaks")
	}
	answered = at(models.ChatwootResolved, 14) // "send and resolve": the message is told of when both are done
	if r.answersElsewhere("chatwoot:3:3", &answered); r.human() {
		t.Error("answered and resolved, people still have it")
	}
	if got := r.moved(at(models.ChatwootResolved, 14)); got != handoff.OutcomeNoted || r.human() {
		t.Errorf("of the same resolving: outcome %q, human %v", got, r.human())
	}
}

func TestReopen(t *testing.T) {
	r := openRoom(t)
	ctx := context.Background()
	open := func() models.Case {
		c, _, err := r.desk.Open(ctx, handoff.Request{ConversationID: r.conv.ID, Reason: models.ReasonComplaint})
		r.must(err)
		return c
	}
	first := open()
	r.must(r.desk.Resolve(ctx, handoff.Resolution{CaseID: first.ID, StaffID: r.marta, Label: models.LabelSettled}))
	r.must(r.desk.Reopen(ctx, first.ID, r.marta))
	r.must(r.desk.Reopen(ctx, first.ID, r.paul)) // it is open already
	c, err := r.desk.Case(ctx, first.ID)
	if err != nil || c.Status != models.CaseOpen || c.Label != "" || c.ResolvedAt != nil || !r.human() {
		t.Errorf("reopened: %+v (%v), human %v", c, err, r.human())
	}
	if got := r.actions("case", first.ID); len(got) != 2 || got[1].Action != "case.reopened" || r.lines() != "case_opened case_resolved handed_back case_reopened" {
		t.Errorf("audit %+v, lines %q", got, r.lines())
	}
	r.must(r.desk.Resolve(ctx, handoff.Resolution{CaseID: first.ID, StaffID: r.marta, Label: models.LabelNeeded}))
	open()
	wantFault(t, r.desk.Reopen(ctx, first.ID, r.marta), "handoff.reopen.again")
	wantFault(t, r.desk.Reopen(ctx, models.NewID(), r.marta), "handoff.no_case")
}
