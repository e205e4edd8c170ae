package redisstore

import (
	"context"
	"sync"

	"github.com/redis/rueidis"
)

// backlog is how many changes may wait to be told while Redis is slow. A screen that misses one is
// right at its next load.
const backlog = 1024

// news tells changes to open screens, in their order, beside the work that made them: whoever answers a
// customer does not wait for Redis.
type news struct {
	redis  rueidis.Client
	queue  chan change
	ctx    context.Context
	stop   context.CancelFunc
	ending sync.WaitGroup
}

type change struct{ channel, id string }

func tellNews(redis rueidis.Client) *news {
	ctx, stop := context.WithCancel(context.Background())
	n := &news{redis: redis, queue: make(chan change, backlog), ctx: ctx, stop: stop}
	n.ending.Go(n.run)
	return n
}

// tell never waits: beyond the backlog a change is dropped.
func (n *news) tell(c change) {
	select {
	case n.queue <- c:
	default:
	}
}

func (n *news) run() {
	for {
		select {
		case c := <-n.queue:
			n.publish(c)
		case <-n.ctx.Done():
			return
		}
	}
}

func (n *news) publish(c change) {
	ctx, cancel := context.WithTimeout(n.ctx, patience)
	defer cancel()
	_ = n.redis.Do(ctx, n.redis.B().Publish().Channel(c.channel).Message(c.id).Build()).Error() // best effort
}

func (n *news) close() {
	n.stop()
	n.ending.Wait()
}
