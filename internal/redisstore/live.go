package redisstore

import (
	"context"
	"time"

	"github.com/redis/rueidis"
)

// Follow gives the topics that change, until the context ends; then the channel is closed. Changes
// that come faster than they are read count once. When the connection to Redis broke, every topic is
// given once it listens again: something may have been missed.
func (s *Store) Follow(ctx context.Context, topics []string) <-chan string {
	changed := make(chan string, 2*len(topics))
	note := func(topic string) {
		select {
		case changed <- topic:
		default: // the reader has enough to fetch already
		}
	}
	go func() {
		defer close(changed)
		broken := false
		listens := rueidis.WithOnSubscriptionHook(ctx, func(rueidis.PubSubSubscription) {
			if broken {
				for _, t := range topics {
					note(t)
				}
			}
		})
		for ; ctx.Err() == nil; broken = true {
			if err := s.Watch(listens, topics, func(topic, _ string) { note(topic) }); err != nil && ctx.Err() == nil {
				wait(ctx, time.Second)
			}
		}
	}()
	return changed
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
