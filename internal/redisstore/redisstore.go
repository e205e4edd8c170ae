// Package redisstore opens Redis and keeps there what may be lost: live-screen fan-out, sessions,
// conversation checkpoints, limits. Nothing here is the truth; Postgres is.
package redisstore

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/redis/rueidis"

	"frontdesk/internal/database"
)

// Store is a connected Redis.
type Store struct {
	// Client waits for no command longer than two seconds, and for none while Redis has just shown that it
	// is away (R-1401).
	Client rueidis.Client
	prefix string
	news   *news
}

// Option changes how a Store reaches Redis.
type Option func(*rueidis.ClientOption)

// Through lets connections be opened by dial; nil dials as usual.
func Through(dial func(ctx context.Context, network, addr string) (net.Conn, error)) Option {
	return func(o *rueidis.ClientOption) {
		if dial != nil {
			o.DialCtxFn = func(ctx context.Context, addr string, _ *net.Dialer, _ *tls.Config) (net.Conn, error) {
				return dial(ctx, "tcp", addr)
			}
		}
	}
}

// Open connects to a redis:// URL. It fails while Redis is away; a Store that is open outlives that,
// and is well again by itself. The caller closes.
func Open(url string, options ...Option) (*Store, error) {
	opt, err := rueidis.ParseURL(url)
	if err != nil {
		return nil, errors.New("parse redis url: not a Redis URL") // the URL holds a password
	}
	opt.Dialer.Timeout = patience
	opt.ConnWriteTimeout = patience
	opt.RetryDelay = again
	opt.ClientName = "frontdesk"
	for _, o := range options {
		o(&opt)
	}
	client, err := rueidis.NewClient(opt)
	if err != nil {
		return nil, fmt.Errorf("open redis: %w", err)
	}
	return &Store{Client: &guarded{Client: client, fuse: newFuse()}, prefix: "fd:", news: tellNews(client)}, nil
}

// Within is the same Redis seen through a longer prefix: keys and topics of others are out of sight.
func (s *Store) Within(prefix string) *Store {
	return &Store{Client: s.Client, prefix: s.prefix + prefix, news: s.news}
}

// Close ends every connection.
func (s *Store) Close() {
	s.news.close()
	s.Client.Close()
}

// Ping tells whether Redis answers within the context's time.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.Client.Do(ctx, s.Client.B().Ping().Build()).Error(); err != nil {
		return fmt.Errorf("ping redis: %w", err)
	}
	return nil
}

// Key puts a name into the product's part of the key space.
func (s *Store) Key(name string) string { return s.prefix + name }

// Set keeps a value for a time (machine time, a backstop only).
func (s *Store) Set(ctx context.Context, name string, value []byte, life time.Duration) error {
	cmd := s.Client.B().Set().Key(s.Key(name)).Value(rueidis.BinaryString(value)).Px(life).Build()
	if err := s.Client.Do(ctx, cmd).Error(); err != nil {
		return fmt.Errorf("set in redis: %w", err)
	}
	return nil
}

// Get reads a value; nil when there is none.
func (s *Store) Get(ctx context.Context, name string) ([]byte, error) {
	b, err := s.Client.Do(ctx, s.Client.B().Get().Key(s.Key(name)).Build()).AsBytes()
	if rueidis.IsRedisNil(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get from redis: %w", err)
	}
	return b, nil
}

// Recall is Get for what many ask for: the answer is held in this process too, no longer than life, until Redis
// tells that the value changed or is gone.
func (s *Store) Recall(ctx context.Context, name string, life time.Duration) ([]byte, error) {
	b, err := s.Client.DoCache(ctx, s.Client.B().Get().Key(s.Key(name)).Cache(), life).AsBytes()
	if rueidis.IsRedisNil(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("recall from redis: %w", err)
	}
	return b, nil
}

// Delete forgets values.
func (s *Store) Delete(ctx context.Context, names ...string) error {
	keys := make([]string, len(names))
	for i, n := range names {
		keys[i] = s.Key(n)
	}
	if err := s.Client.Do(ctx, s.Client.B().Del().Key(keys...).Build()).Error(); err != nil {
		return fmt.Errorf("delete from redis: %w", err)
	}
	return nil
}

// Topics of live screens.
const (
	TopicDiary          = "diary"
	TopicConversations  = "conversations"
	TopicNotices        = "notices"
	TopicOrders         = "orders" // and what of them goes back
	TopicRefunds        = "refunds"
	TopicAlerts         = "alerts"
	TopicReconciliation = "reconciliation"
	TopicLetters        = "letters" // jobs that failed for good
)

// Changed tells open screens that something of a topic changed, once the transaction on the context
// is committed: once, however often it changed there. Best effort: a screen that misses it is right
// again at its next load. id says what changed; it is never personal data.
func (s *Store) Changed(ctx context.Context, topic, id string) {
	news := change{s.Key("live:" + topic), id}
	if database.Once(ctx, news) {
		database.AfterCommit(ctx, func() { s.news.tell(news) })
	}
}

// Watch calls changed for every change of the topics until the context ends or the connection breaks;
// the caller decides whether to watch again.
func (s *Store) Watch(ctx context.Context, topics []string, changed func(topic, id string)) error {
	channels := make([]string, len(topics))
	for i, t := range topics {
		channels[i] = s.Key("live:" + t)
	}
	cut := len(s.Key("live:"))
	return s.Client.Receive(ctx, s.Client.B().Subscribe().Channel(channels...).Build(), func(m rueidis.PubSubMessage) {
		changed(m.Channel[cut:], m.Message)
	})
}
