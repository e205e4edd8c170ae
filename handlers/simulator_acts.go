package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/audit"
	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/standins"
	"frontdesk/models"
	"frontdesk/views/simulator"
)

// Acts of the room that the audit log is told. What customers are made to say is nobody's business there.
const (
	auditGiven = "simulator.given"
	auditClock = "simulator.clock"
	auditFault = "simulator.fault"
	auditRaces = "simulator.races"
)

// carriesFor is the longest a service may be broken that the room itself stands on.
const carriesFor = time.Minute

// patiently gives what waits for the product's jobs the time the stand-ins take. The caller calls done.
func patiently(c *fiber.Ctx) (done context.CancelFunc) {
	ctx, done := context.WithTimeout(context.WithoutCancel(c.UserContext()), standins.SettleWithin+deadline)
	c.SetUserContext(ctx)
	return done
}

// notPlayed takes what the stand-ins did not do into the form, in words. Any other error is its second result;
// so is, for a program, that they are away.
func (s *Server) notPlayed(c *fiber.Ctx, f *form, err error) error {
	var refusal *standins.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		f.Wrong("", "simulator.room.refused", "Words", refusal.Words)
	case !errors.Is(err, standins.ErrAway):
		return err
	case wantsJSON(c):
		return fault.Unavailable("simulator.room.away", err)
	default:
		f.Wrong("", "simulator.room.away")
	}
	return nil
}

// notePlay tells the audit log of an act that changed the demo for everybody.
func (s *Server) notePlay(ctx context.Context, action string, detail map[string]any) error {
	v, _ := VisitorOf(ctx)
	return s.Audit.Record(ctx, audit.Entry{Actor: v.Actor(), Action: action, SubjectKind: "simulator", Detail: detail})
}

// given puts the salon into the beginning of a scenario and takes up its customer's phone.
func (s *Server) given(c *fiber.Ctx) error {
	defer patiently(c)()
	f := s.form(c, "simulator.field")
	f.Fill("lang", i18n.From(c.UserContext()).Language)
	f.Fill("scenario", c.Query("scenario", "S01"))
	scenario, lang := f.Choice("scenario", simulator.Scenarios()...), f.Choice("lang", models.Languages()...)
	if f.Valid() {
		person, err := s.standIns.Given(c.UserContext(), scenario, lang)
		if err == nil {
			return s.began(c, person, scenario, lang)
		}
		if err := s.notPlayed(c, f, err); err != nil {
			return err
		}
	}
	return s.formPage(c, simulatorScreen("simulator.given.title"), f, simulator.Given(f.Shown()))
}

func (s *Server) began(c *fiber.Ctx, person standins.Person, scenario string, lang models.Language) error {
	ctx := c.UserContext()
	if err := s.notePlay(ctx, auditGiven, map[string]any{"scenario": scenario, "language": lang}); err != nil {
		return err
	}
	if err := s.hold(ctx, hand{person.Phone, person.Name, scenario, lang}); err != nil {
		return err
	}
	return s.acted(c, acted{
		To: simulator.URL, Toast: "simulator.given.done", Facts: []any{"Scenario", scenario},
		Result: fiber.Map{"phone": person.Phone, "name": person.Name, "now": person.Now},
	})
}

// takePhone takes up the phone of any simulated customer.
func (s *Server) takePhone(c *fiber.Ctx) error {
	ctx := c.UserContext()
	f := s.form(c, "simulator.field")
	phone, name := f.Text("phone", 40), f.OptionalText("name", 60)
	whole, err := customers.Normalize(phone)
	if err != nil && phone != "" {
		f.Wrong("phone", "customers.phone")
	}
	if f.Valid() {
		if err := s.hold(ctx, hand{Phone: whole, Name: name, Language: i18n.From(ctx).Language}); err != nil {
			return err
		}
		return s.acted(c, acted{To: simulator.URL, Toast: "simulator.phone.done"})
	}
	return s.formPage(c, simulatorScreen("simulator.phone.title"), f, simulator.Another(f.Shown()))
}

// moveClock moves business time for everybody: on by a step, to a moment, or back to the machine's.
func (s *Server) moveClock(c *fiber.Ctx) error {
	defer patiently(c)()
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	f := s.form(c, "simulator.field")
	f.Fill("at", s.Clock.Now().In(policies.Zone()).Format("2006-01-02T15:04"))
	by, follow, at := f.OptionalChoice("by", "5m", "30m", "24h"), f.Checked("follow"), time.Time{}
	if by == "" && !follow {
		at = f.Moment("at", policies.Zone())
	}
	if f.Valid() {
		err := s.shiftClock(ctx, by, follow, at)
		if err == nil {
			return s.movedClock(c, by, follow, at)
		}
		if err := s.notPlayed(c, f, err); err != nil {
			return err
		}
	}
	return s.formPage(c, simulatorScreen("simulator.clock.title"), f, simulator.SetClock(f.Shown(), policies.Timezone))
}

func (s *Server) shiftClock(ctx context.Context, by string, follow bool, at time.Time) error {
	switch {
	case follow:
		return s.standIns.Follow(ctx)
	case by == "":
		return s.standIns.Stop(ctx, at)
	}
	step, err := time.ParseDuration(by)
	if err != nil {
		return err
	}
	return s.standIns.Advance(ctx, step)
}

func (s *Server) movedClock(c *fiber.Ctx, by string, follow bool, at time.Time) error {
	detail := map[string]any{}
	switch {
	case follow:
		detail["follows"] = "machine"
	case by != "":
		detail["by"] = by
	default:
		detail["to"] = at.Format(time.RFC3339)
	}
	if err := s.notePlay(c.UserContext(), auditClock, detail); err != nil {
		return err
	}
	return s.acted(c, acted{To: simulator.URL, Toast: "simulator.clock.done", Result: fiber.Map{"now": s.Clock.Now().Format(time.RFC3339)}})
}

// breakService lets a service misbehave. What the room itself stands on mends itself soon, because nobody
// could mend it from here.
func (s *Server) breakService(c *fiber.Ctx) error {
	f := s.form(c, "simulator.field")
	f.Fill("service", c.Query("service"))
	f.Fill("mode", "down")
	f.Fill("last", "30s")
	service, mode, last := f.Choice("service", simulator.Services()...), f.Choice("mode", simulator.Modes()...), f.Choice("last", simulator.Lasts()...)
	span, err := time.ParseDuration(last)
	if err != nil {
		span = 0 // until it is mended
	}
	if simulator.Delivers(mode) && simulator.Carries(service) {
		f.Wrong("mode", "simulator.fault.delivers_nothing")
	}
	if simulator.Carries(service) && (span == 0 || span > carriesFor) {
		f.Wrong("last", "simulator.fault.too_long")
	}
	if f.Valid() {
		// Written down first: the log may be out of reach a moment later.
		if err := s.notePlay(c.UserContext(), auditFault, map[string]any{"service": service, "mode": mode, "for": last}); err != nil {
			return err
		}
		err := s.standIns.Break(c.UserContext(), service, mode, span)
		if err == nil {
			return s.brokeIt(c, service)
		}
		if err := s.notPlayed(c, f, err); err != nil {
			return err
		}
	}
	return s.formPage(c, simulatorScreen("simulator.fault.title"), f, simulator.Break(f.Shown()))
}

// brokeIt leads back to the room, without a toast that Redis would have to keep when that is what broke.
func (s *Server) brokeIt(c *fiber.Ctx, service string) error {
	done := acted{To: simulator.URL, Toast: "simulator.fault.done"}
	if simulator.Carries(service) && !wantsFragment(c) {
		done.Toast = ""
	}
	return s.acted(c, done)
}

// mend puts every broken service right.
func (s *Server) mend(c *fiber.Ctx) error {
	ctx := c.UserContext()
	f := s.form(c, "simulator.field")
	if !f.Valid() {
		return f.fault()
	}
	on, err := s.standIns.Faults(ctx)
	for _, one := range on {
		if err == nil {
			err = s.standIns.Break(ctx, one.Service, "ok", 0)
		}
	}
	if err == nil {
		if len(on) > 0 {
			err = s.notePlay(ctx, auditFault, map[string]any{"mended": mended(on)})
		}
		if err != nil {
			return err
		}
		return s.acted(c, acted{To: strings.TrimSuffix(c.Path(), "/mend"), Toast: "simulator.fault.mended"})
	}
	return s.refusedPlay(c, f, err)
}

func mended(on []standins.Fault) []string {
	var out []string
	for _, one := range on {
		out = append(out, one.Service)
	}
	slices.Sort(out)
	return out
}
