package handlers

import (
	"bufio"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/logging"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
)

const (
	heartbeat  = 15 * time.Second // finds connections whose browser is gone, and people who may no longer listen
	streamLife = 5 * time.Minute  // the browser comes back and proves again who it is
	maxStreams = 64               // of one person: many tabs, and those just left that no heartbeat has missed yet
)

// topicRooms says who may hear of changes: those who may read where they show.
func topicRooms() map[string]staff.Room {
	return map[string]staff.Room{
		redisstore.TopicDiary: staff.Diary, redisstore.TopicConversations: staff.Conversations, redisstore.TopicNotices: staff.Today,
		redisstore.TopicOrders: staff.Orders, redisstore.TopicRefunds: staff.Refunds, redisstore.TopicAlerts: staff.Alerts, redisstore.TopicLetters: staff.DeadLetters,
		redisstore.TopicReconciliation: staff.Refunds,
	}
}

// live streams the names of topics that changed, never what changed: the page fetches itself again
// and is judged again then.
func (s *Server) live(c *fiber.Ctx) error {
	v, _ := VisitorOf(c.UserContext())
	var topics []string
	for _, topic := range strings.Split(c.Query("topics"), ",") {
		room, known := topicRooms()[topic]
		if !known || slices.Contains(topics, topic) {
			continue
		}
		if _, may := s.Staff.Can(v.Role, room, staff.ToRead); may {
			topics = append(topics, topic)
		}
	}
	if len(topics) == 0 {
		return fault.Forbidden("error.forbidden")
	}
	who, shown := v.Actor(), s.credentialsOf(c, Access{Unattended: true})
	if !s.streams.open(who) {
		return fault.TooMany("error.rate_limited", heartbeat)
	}
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Accel-Buffering", "no")
	request := logging.Request(c.UserContext())
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		// The stream outlives the request's deadline on purpose, and ends by its own.
		ctx, cancel := context.WithTimeout(logging.WithRequest(context.Background(), request), streamLife)
		defer cancel()
		defer s.streams.close(who)
		defer s.endStream(ctx)
		s.stream(ctx, w, s.Redis.Follow(ctx, topics), func() bool {
			ctx, cancel := context.WithTimeout(ctx, deadline)
			defer cancel()
			_, in, err := s.identify(ctx, shown)
			return in && err == nil
		})
	})
	return nil
}

// endStream lets a panic cost one stream and nothing else: it is written beside its request, where protect is not, and would end the
// program.
func (s *Server) endStream(ctx context.Context) {
	if v := recover(); v != nil {
		s.Log.ErrorContext(ctx, "stream panicked", "panic", thrown(v), "stack", string(debug.Stack()))
	}
}

// stream writes until the browser is gone, its person may no longer listen, the time is up or the server
// stops.
func (s *Server) stream(ctx context.Context, w *bufio.Writer, changed <-chan string, may func() bool) {
	beat := time.NewTicker(s.beat)
	defer beat.Stop()
	line := "retry: 1000\n\n: connected\n\n"
	for {
		if _, err := w.WriteString(line); err != nil || w.Flush() != nil {
			return
		}
		select {
		case topic, open := <-changed:
			if !open {
				return
			}
			line = fmt.Sprintf("event: %s\ndata: changed\n\n", topic)
		case <-beat.C:
			if !may() {
				return
			}
			line = ": still here\n\n"
		case <-s.Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

// streams counts the open streams of each person, so that nobody takes them all.
type streams struct {
	mu sync.Mutex
	of map[string]int
}

func (s *streams) open(who string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[who] >= maxStreams {
		return false
	}
	if s.of == nil {
		s.of = map[string]int{}
	}
	s.of[who]++
	return true
}

func (s *streams) close(who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[who]--; s.of[who] == 0 {
		delete(s.of, who)
	}
}
