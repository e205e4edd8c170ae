package handlers

import (
	"context"
	"sync"
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
	workRedisAway   = "redis_away"   // Redis does not answer; work goes on without it, and slower
	workHeldBack    = "held_back"    // somebody outside does not answer, and what is for them waits
	workDeadLetters = "dead_letters" // something failed for good, and nobody has set it aside
	workOK          = "ok"
)

// workKept is how long an answer is given again. Anybody may ask, and each answer reads all jobs: however many ask, the database is
// asked once at a time and once in that time.
const workKept = time.Second

// redisTime is how much of a probe's time Redis may take.
const redisTime = probeTime / 4

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
	Redis   string           `json:"redis"` // redisThere, redisGone
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

// keptHealth is the last answer, and when it was true.
type keptHealth struct {
	mu sync.Mutex
	at time.Time
	h  workHealth
}

// queueHealth tells how work stands; 503 when nobody works, something waits for too long or Redis is away, of which work goes on all the
// same. No host name is told, no job and nobody's name. All of it together takes no longer than a probe may.
func (s *Server) queueHealth(c *fiber.Ctx) error {
	var h workHealth
	err := bounded(c.UserContext(), func(ctx context.Context) (err error) {
		h, err = s.work.Of(ctx)
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

// recentWork is workHealth as it was a moment ago, or now. One asks at a time (Server.work).
func (s *Server) recentWork(ctx context.Context) (workHealth, error) {
	s.lastWork.mu.Lock()
	at, h := s.lastWork.at, s.lastWork.h
	s.lastWork.mu.Unlock()
	if age := s.Clock.Machine().Sub(at); age >= 0 && age < s.keepWork {
		return h, nil
	}
	h, err := s.workHealth(ctx)
	if err != nil {
		return workHealth{}, err
	}
	s.lastWork.mu.Lock()
	s.lastWork.at, s.lastWork.h = s.Clock.Machine(), h
	s.lastWork.mu.Unlock()
	return h, nil
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
	h.Queues = map[string]depth{"whatsapp": {Wait: d.Wait, Active: d.Active, Completed: d.Completed, Failed: d.Failed + d.SetAside, Delayed: d.Delayed}}
	h.Workers.Crews, h.Workers.Here = work.Crews, s.Workers != nil && s.Workers() == nil
	h.Areas = []areaHealth{}
	for _, a := range work.Areas {
		h.Areas = append(h.Areas, areaHealth{a.Name, a.Waiting, a.Running, a.Retrying, a.Later, a.Dead, a.Oldest.Seconds()})
	}
	var away bool
	h.Redis, h.Breakers, away = s.redisHealth(ctx)
	h.Status = standing(work, h.Workers.Here, away, d.Failed)
	if h.Redis != redisThere && h.Status != workStopped && h.Status != workBehind {
		h.Status = workRedisAway
	}
	h.OK = h.Status != workStopped && h.Status != workBehind && h.Status != workRedisAway
	return h, nil
}

// What is said of Redis.
const (
	redisThere = "PONG"
	redisGone  = "away"
)

// redisHealth asks Redis whether it is there and what it knows of the providers: away tells that one of them is not asked at the moment.
// Without Redis nobody can tell, and nobody waits to.
func (s *Server) redisHealth(ctx context.Context) (redis string, breakers []breakerHealth, away bool) {
	ctx, cancel := context.WithTimeout(ctx, redisTime)
	defer cancel()
	redis, breakers = redisThere, []breakerHealth{}
	if err := s.Redis.Ping(ctx); err != nil {
		s.Log.WarnContext(ctx, "dependency missing", "dependency", "redis", "err", err)
		redis = redisGone
		cancel()
	}
	for _, p := range s.Watch.Providers(ctx) {
		state := string(p.State)
		if p.Unknown {
			state = "unknown"
		}
		away = away || !p.Unknown && p.State != redisstore.BreakerClosed
		breakers = append(breakers, breakerHealth{p.Name, state})
	}
	return redis, breakers, away
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
