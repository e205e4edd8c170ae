package handlers

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
)

// States of work as a whole, the worst that is true.
const (
	workStopped     = "stopped"      // nobody works
	workBehind      = "behind"       // something has been due for longer than workLate
	workHeldBack    = "held_back"    // somebody outside does not answer, and what is for them waits
	workDeadLetters = "dead_letters" // something failed for good, and nobody has set it aside
	workOK          = "ok"
)

// workLate is how long a job may be due before work counts as behind: with a crew at work it is a matter of milliseconds.
const workLate = 2 * time.Minute

// queueHealthExample is an answer of queueHealth.
const queueHealthExample = `{"ok":true,"status":"held_back","redis":"PONG",
	"queues":{"whatsapp":{"wait":2,"active":1,"completed":1840,"failed":0,"delayed":1}},
	"areas":[{"name":"notify","waiting":2,"running":1,"retrying":0,"later":1,"dead":0,"oldestWaitingSeconds":0.4}],
	"workers":{"crews":2,"here":true},
	"breakers":[{"name":"whatsapp","state":"open"}]}`

// workHealth is the answer of /queue/health. Queues has the shape that older monitors read; all jobs are counted in it.
type workHealth struct {
	OK      bool             `json:"ok"`
	Status  string           `json:"status"`
	Redis   string           `json:"redis"`
	Queues  map[string]depth `json:"queues"`
	Areas   []areaHealth     `json:"areas"`
	Workers struct {
		Crews int  `json:"crews"` // in all processes
		Here  bool `json:"here"`  // this one has one that is at work
	} `json:"workers"`
	Breakers []breakerHealth `json:"breakers"`
}

type areaHealth struct {
	Name     string  `json:"name"`
	Waiting  int     `json:"waiting"`
	Running  int     `json:"running"`
	Retrying int     `json:"retrying"`
	Later    int     `json:"later"`
	Dead     int     `json:"dead"`
	Oldest   float64 `json:"oldestWaitingSeconds"`
}

type breakerHealth struct {
	Name  string `json:"name"`
	State string `json:"state"` // closed, open, tripped, unknown
}

// queueHealth tells how work stands; 503 when nobody works or something waits for too long. No host name is told, no job and nobody's
// name. All of it takes no longer than a probe may.
func (s *Server) queueHealth(c *fiber.Ctx) error {
	if err := bounded(c.UserContext(), s.Redis.Ping); err != nil {
		return fault.Unavailable("error.redis_unavailable", err)
	}
	var h workHealth
	err := bounded(c.UserContext(), func(ctx context.Context) (err error) {
		h, err = s.workHealth(ctx)
		return err
	})
	if err != nil {
		return fault.Unavailable("error.db_unavailable", err)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if !h.OK {
		c.Status(fiber.StatusServiceUnavailable)
	}
	return c.JSON(h)
}

func (s *Server) workHealth(ctx context.Context) (h workHealth, err error) {
	work, err := s.Queue.Health(ctx)
	if err != nil {
		return h, err
	}
	d, err := s.Queue.Depth(ctx)
	if err != nil {
		return h, err
	}
	h.Redis = "PONG"
	h.Queues = map[string]depth{"whatsapp": {Wait: d.Wait, Active: d.Active, Completed: d.Completed, Failed: d.Failed + d.SetAside, Delayed: d.Delayed}}
	h.Workers.Crews, h.Workers.Here = work.Crews, s.Workers != nil && s.Workers() == nil
	h.Areas, h.Breakers = []areaHealth{}, []breakerHealth{}
	for _, a := range work.Areas {
		h.Areas = append(h.Areas, areaHealth{a.Name, a.Waiting, a.Running, a.Retrying, a.Later, a.Dead, a.Oldest.Seconds()})
	}
	away := false
	for _, p := range s.Watch.Providers(ctx) {
		state := string(p.State)
		if p.Unknown {
			state = "unknown"
		}
		away = away || !p.Unknown && p.State != redisstore.BreakerClosed
		h.Breakers = append(h.Breakers, breakerHealth{p.Name, state})
	}
	h.Status = standing(work, h.Workers.Here, away, d.Failed)
	h.OK = h.Status != workStopped && h.Status != workBehind
	return h, nil
}

// standing is the worst that is true of work.
func standing(work queue.Health, here, away bool, dead int) string {
	var oldest time.Duration
	for _, a := range work.Areas {
		oldest = max(oldest, a.Oldest)
	}
	switch {
	case work.Crews == 0 && !here:
		return workStopped
	case oldest > workLate:
		return workBehind
	case away:
		return workHeldBack
	case dead > 0:
		return workDeadLetters
	default:
		return workOK
	}
}
