package handlers

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/audit"
	"frontdesk/internal/staff"
	"frontdesk/jobs/queue"
)

// queueAPI are the dead letters for programs, under a prefix: how many there are, and what is to become of them (R-1202, R-1203).
func (s *Server) queueAPI(under string) []Route {
	read, act := can(staff.DeadLetters, staff.ToRead), can(staff.DeadLetters, staff.ToAct)
	away, wrong := fails{503: {"unavailable"}}, fails{400: {"validation"}, 503: {"unavailable"}}
	return []Route{
		operation(s, Route{get, under + "/queue/dlq/stats", read, nil, "Jobs by state, and how many of those that failed for good are set aside"}, 200, away, s.letterStats),
		operation(s, Route{post, under + "/queue/dlq/requeue", act, nil, "Brings jobs back that failed for good, those set aside first; they begin anew"}, 201, wrong, s.requeueLetters),
		operation(s, Route{post, under + "/queue/mirror-failed-to-dlq", act, nil, "Sets jobs aside that failed for good, each once"}, 201, wrong, s.setLettersAside),
	}
}

// depth is how many jobs are in each state, as older monitors read it.
type depth struct {
	Wait      int `json:"wait" example:"2"`
	Active    int `json:"active" example:"1"`
	Completed int `json:"completed" example:"1840"`
	Failed    int `json:"failed" example:"3" doc:"For good: no attempt is left"`
	Delayed   int `json:"delayed" example:"1" doc:"Until their time, or their next attempt"`
}

type letterStatsOut struct {
	Body struct {
		OK      bool  `json:"ok" example:"true"`
		Primary depth `json:"primary"`
		DLQ     depth `json:"dlq" doc:"What is set aside waits: nobody works on it"`
	}
}

// letterStats counts the jobs.
func (s *Server) letterStats(c *fiber.Ctx, _ *struct{}) (*letterStatsOut, error) {
	d, err := s.Queue.Depth(c.UserContext())
	out := &letterStatsOut{}
	out.Body.OK, out.Body.DLQ.Wait = true, d.SetAside
	out.Body.Primary = depth{Wait: d.Wait, Active: d.Active, Completed: d.Completed, Failed: d.Failed, Delayed: d.Delayed}
	return out, err
}

type lettersIn struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
}

type requeuedOut struct {
	Body struct {
		OK    bool `json:"ok" example:"true"`
		Moved int  `json:"moved" example:"3" doc:"How many come back by this call: at once, or behind another job of their customer"`
	}
}

// requeueLetters brings dead letters back, by the rules of the room: what it would refuse stays dead, and jobs of one customer
// keep their order.
func (s *Server) requeueLetters(c *fiber.Ctx, in *lettersIn) (*requeuedOut, error) {
	v, _ := VisitorOf(c.UserContext())
	moved, err := s.Letters.Requeue(c.UserContext(), v.Actor(), in.Limit)
	out := &requeuedOut{}
	out.Body.OK, out.Body.Moved = true, moved
	return out, err
}

type mirroredOut struct {
	Body struct {
		OK       bool `json:"ok" example:"true"`
		Mirrored int  `json:"mirrored" example:"3" doc:"How many were set aside by this call"`
	}
}

// setLettersAside sets dead letters aside.
func (s *Server) setLettersAside(c *fiber.Ctx, in *lettersIn) (*mirroredOut, error) {
	moved, err := s.Queue.SetAside(c.UserContext(), in.Limit, s.noteLetters(c, "dead_letters.set_aside"))
	out := &mirroredOut{}
	out.Body.OK, out.Body.Mirrored = true, moved
	return out, err
}

// noteLetters writes into the log who moved how many dead letters.
func (s *Server) noteLetters(c *fiber.Ctx, action string) queue.Note {
	v, _ := VisitorOf(c.UserContext())
	return func(ctx context.Context, moved int) error {
		return s.Audit.Record(ctx, audit.Entry{Actor: v.Actor(), Action: action, SubjectKind: "queue", Detail: map[string]any{"jobs": moved}})
	}
}
