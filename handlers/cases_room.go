package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/cases"
	"frontdesk/views/ui"
)

const casesPath = "/console/cases"

// askCases reads how the list of open cases is narrowed; what is no reason and no pace narrows nothing.
func askCases(c *fiber.Ctx, w handoff.Watch) handoff.Filter {
	f := handoff.Filter{Limit: inboxPage, Watch: w}
	f.After, f.AfterID = caseCursor(readCursor(c.Query("after")))
	if r := models.HandoffReason(c.Query("reason")); slices.Contains(handoff.Reasons(), r) {
		f.Reason = r
	}
	if p := handoff.Pace(c.Query("pace")); slices.Contains(handoff.Paces(), p) {
		f.Pace = p
	}
	return f
}

// cases lists the hand-offs that wait for a person, who waits longest first.
func (s *Server) cases(c *fiber.Ctx) error {
	ctx := c.UserContext()
	q, err := s.askInbox(c)
	if err != nil {
		return err
	}
	if q.watch, err = s.watch(ctx, q.now); err != nil {
		return err
	}
	f := askCases(c, q.watch)
	open, err := s.Desk.Waiting(ctx, f)
	if err != nil {
		return err
	}
	page := cases.Page{CSRF: q.visitor.Session.CSRF, Filtered: f.Reason != "" || f.Pace != "", Reasons: namedOptions(ctx, "case.reason", handoff.Reasons()...), Reason: string(f.Reason), Pace: string(f.Pace)}
	if page.Rows, err = s.caseRows(ctx, q, open); err != nil {
		return err
	}
	if page.Paces, err = s.paceChips(ctx, f); err != nil {
		return err
	}
	if len(open) == inboxPage {
		last := open[inboxPage-1]
		page.MoreURL = link(casesPath, "reason", string(f.Reason), "pace", string(f.Pace),
			"after", cursor([]string{last.OpenedAt.UTC().Format(time.RFC3339Nano), last.ID.String()}))
	}
	return s.page(c, screen{
		title: "console.room.cases", room: staff.Cases, live: []string{redisstore.TopicConversations, redisstore.TopicNotices}, fresh: "console.cases.updated",
	}, cases.Content(page))
}

// paceChips lead to the cases of each pace, with how many there are.
func (s *Server) paceChips(ctx context.Context, f handoff.Filter) ([]ui.Chip, error) {
	counts, err := s.Desk.CountPaces(ctx, f.Watch, f.Reason)
	if err != nil {
		return nil, err
	}
	chips := []ui.Chip{{Label: i18n.T(ctx, "cases.filter.all"), URL: link(casesPath, "reason", string(f.Reason)), Current: f.Pace == ""}}
	for _, p := range handoff.Paces() {
		chips = append(chips, ui.Chip{
			Label: i18n.T(ctx, "cases.filter."+string(p)), URL: link(casesPath, "reason", string(f.Reason), "pace", string(p)),
			Current: f.Pace == p, Count: counts[p],
		})
	}
	return chips, nil
}

// watchedDays is how far back opening hours are counted: whoever has waited for longer is late anyhow.
const watchedDays = 31

// watch is how long people have promised to take, and the hours in which they answer, up to now.
func (s *Server) watch(ctx context.Context, now time.Time) (handoff.Watch, error) {
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return handoff.Watch{}, err
	}
	opening, err := s.Diary.Opening(ctx)
	if err != nil {
		return handoff.Watch{}, err
	}
	w := handoff.Watch{
		Now: now, Promise: time.Duration(policies.CaseAnswerMinutes) * time.Minute, Urgent: time.Duration(policies.CaseUrgentMinutes) * time.Minute,
	}
	today := midnight(now.In(policies.Zone()))
	for day := today.AddDate(0, 0, -watchedDays); !day.After(today); day = day.AddDate(0, 0, 1) {
		w.Open = append(w.Open, opening.On(day).Windows...)
	}
	return w, nil
}

// reopenCase takes a case up again that was not settled after all.
func (s *Server) reopenCase(c *fiber.Ctx) error {
	q, err := s.askInbox(c)
	if err != nil {
		return err
	}
	staffID, err := colleague(q)
	if err != nil {
		return err
	}
	k, err := s.caseOf(c)
	if err != nil {
		return err
	}
	f := s.form(c, "cases.field")
	if f.Valid() {
		if err = s.Desk.Reopen(c.UserContext(), k.ID, staffID); err == nil {
			return s.acted(c, acted{To: "/console/conversations/" + k.ConversationID.String(), Toast: "cases.reopened"})
		}
		if !f.Refused(err) {
			return err
		}
	}
	cards, err := s.caseCards(c.UserContext(), q, []models.Case{k})
	if err != nil {
		return err
	}
	return s.formPage(c, screen{title: "cases.reopen", room: staff.Cases}, f,
		cases.Reopen(f.Shown(), cards[0], "/console/conversations/"+k.ConversationID.String()))
}
