package handlers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"frontdesk/internal/fault"
	"frontdesk/internal/staff"
	"frontdesk/internal/standins"
	"frontdesk/views/simulator"
)

// mostRepetitions is how often a race may be repeated.
const mostRepetitions = 20

// raceRoutes are the race lab of the Simulator room.
func (s *Server) raceRoutes() []Route {
	read, act := can(staff.Simulator, staff.ToRead), can(staff.Simulator, staff.ToAct)
	return []Route{
		{get, simulator.RacesURL, read, s.races, "The race lab: bookings and payments that meet in one moment, how each ended and how long it took"},
		{get, simulator.RacesURL + "/pulse", read.unattended(), s.racesPulse, "A mark that changes when the lab's page would"},
		{get, simulator.RacesURL + "/run", act, s.runRaces, "Form: run the races on a scratch database"},
		{post, simulator.RacesURL + "/run", act, s.runRaces, "Run the races on a scratch database; one run at a time"},
		{get, simulator.RacesURL + "/:run/timings.csv", read, s.raceTimingsCSV, "Every attempt of a run with its time, as a table"},
		{get, simulator.RacesURL + "/:run/timings.json", read, s.raceTimingsJSON, "A run with its verdicts and every attempt's time"},
	}
}

// readRaces asks the stand-ins for the runs; that they are away is part of the page.
func (s *Server) readRaces(ctx context.Context) (runs []standins.RaceRun, trouble, err error) {
	runs, err = s.standIns.Races(ctx)
	if isTrouble(err) {
		return nil, err, nil
	}
	return runs, nil, err
}

// isTrouble tells whether an error is that the stand-ins are away or refuse.
func isTrouble(err error) bool {
	var refusal *standins.Refusal
	return errors.Is(err, standins.ErrAway) || errors.As(err, &refusal)
}

// markOf is a mark that changes whenever the value does.
func markOf(value any) (string, error) {
	raw, err := json.Marshal(value)
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8]), err
}

func (s *Server) racesPulse(c *fiber.Ctx) error {
	runs, trouble, err := s.readRaces(c.UserContext())
	if err != nil {
		return err
	}
	mark, err := markOf([]any{runs, trouble != nil})
	if err != nil {
		return err
	}
	private(c)
	return c.JSON(fiber.Map{"pulse": mark})
}

// races shows the last run and those before it.
func (s *Server) races(c *fiber.Ctx) error {
	ctx := c.UserContext()
	runs, trouble, err := s.readRaces(ctx)
	if err != nil {
		return err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	mark, err := markOf([]any{runs, trouble != nil})
	if err != nil {
		return err
	}
	page := simulator.RacesPage{Trouble: s.troubleWords(ctx, trouble), Pulse: mark}
	for _, r := range runs {
		page.Runs = append(page.Runs, drawRun(r, policies.Zone()))
	}
	return s.page(c, simulatorScreen("simulator.races.title"), simulator.Races(page))
}

func drawRun(r standins.RaceRun, zone *time.Location) simulator.RaceRun {
	out := simulator.RaceRun{ID: r.ID, Repetitions: r.Repetitions, State: r.State, Why: r.Why, BeganAt: r.BeganAt.In(zone), Done: r.Done, Total: r.Total, Passed: r.Passed}
	if r.EndedAt != nil {
		out.Took = r.EndedAt.Sub(r.BeganAt)
	}
	for _, one := range r.Races {
		shown := simulator.Race{
			Code: one.Race, Passed: one.Passed, Rounds: one.Rounds, Attempts: one.Attempts, P50: one.P50, P95: one.P95, Max: one.Max, Doubles: one.Doubles,
			Deadlocks: one.Deadlocks, Timeouts: one.Timeouts,
		}
		for _, f := range one.Findings {
			shown.Findings = append(shown.Findings, simulator.RaceFinding(f))
		}
		out.Races = append(out.Races, shown)
	}
	return out
}

// runRaces begins a run on a scratch database.
func (s *Server) runRaces(c *fiber.Ctx) error {
	f := s.form(c, "simulator.field")
	f.Fill("repetitions", "10")
	repetitions := f.Number("repetitions", 1, mostRepetitions)
	if f.Valid() {
		run, err := s.standIns.RunRaces(c.UserContext(), repetitions)
		if err == nil {
			return s.racesBegan(c, run)
		}
		var refusal *standins.Refusal
		switch {
		case errors.As(err, &refusal) && refusal.Status == fiber.StatusConflict && wantsJSON(c):
			return fault.Conflict("simulator.races.busy")
		case errors.As(err, &refusal) && refusal.Status == fiber.StatusConflict:
			f.Wrong("", "simulator.races.busy")
		default:
			if err := s.notPlayed(c, f, err); err != nil {
				return err
			}
		}
	}
	return s.formPage(c, simulatorScreen("simulator.races.run"), f, simulator.RunRaces(f.Shown()))
}

func (s *Server) racesBegan(c *fiber.Ctx, run standins.RaceRun) error {
	if err := s.notePlay(c.UserContext(), auditRaces, map[string]any{"run": run.ID, "repetitions": run.Repetitions}); err != nil {
		return err
	}
	return s.acted(c, acted{To: simulator.RacesURL, Toast: "simulator.races.began", Result: run})
}

// raceTimings is the run a download asks for, once it is over.
func (s *Server) raceTimings(c *fiber.Ctx) (standins.RaceRun, error) {
	id, err := uuid.Parse(c.Params("run"))
	if err != nil {
		return standins.RaceRun{}, fault.NotFound("simulator.races.no_run")
	}
	run, err := s.standIns.RaceTimings(c.UserContext(), id.String())
	var refusal *standins.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Status == fiber.StatusNotFound:
		return run, fault.NotFound("simulator.races.no_run")
	case errors.Is(err, standins.ErrAway):
		return run, fault.Unavailable("simulator.room.away", err)
	case err != nil:
		return run, err
	case run.UnderWay():
		return run, fault.Conflict("simulator.races.not_over")
	}
	return run, nil
}

func attached(c *fiber.Ctx, run standins.RaceRun, ending, mime string) {
	private(c)
	c.Set(fiber.HeaderContentType, mime)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", "race-timings-"+run.BeganAt.Format("2006-01-02-150405")+ending))
}

func (s *Server) raceTimingsCSV(c *fiber.Ctx) error {
	run, err := s.raceTimings(c)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	rows := [][]string{{"race", "round", "ms", "outcome"}}
	for _, r := range run.Races {
		for _, t := range r.Timings {
			rows = append(rows, []string{r.Race, strconv.Itoa(t.Round), strconv.FormatFloat(t.MS, 'f', 2, 64), t.Outcome})
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("write timings: %w", err)
	}
	attached(c, run, ".csv", "text/csv; charset=utf-8")
	return c.Send(file.Bytes())
}

func (s *Server) raceTimingsJSON(c *fiber.Ctx) error {
	run, err := s.raceTimings(c)
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(run, "", "  ")
	if err != nil {
		return fmt.Errorf("write timings: %w", err)
	}
	attached(c, run, ".json", fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(raw)
}
