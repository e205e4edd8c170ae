package simulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Deliveries that are not answered 2xx are tried again, with growing gaps, until they are given up.
const (
	firstGap     = 100 * time.Millisecond
	longestGap   = 2 * time.Second
	giveUpAfter  = 15 * time.Minute
	answerWithin = 10 * time.Second
	reorderWait  = 150 * time.Millisecond // how long a reordered parcel waits for a later one to overtake it
)

// Where the app receives webhooks.
const (
	whatsappHook = "/webhook/whatsapp"
	chatwootHook = "/webhook/chatwoot"
	stripeHook   = "/payments/stripe/webhook"
)

// parcel is one webhook on its way.
type parcel struct {
	ID      string        `json:"id"`
	Service string        `json:"service"`
	Lane    string        `json:"lane"` // parcels of one lane arrive in order, whatever happens
	Body    []byte        `json:"body"`
	Delay   time.Duration `json:"-"`

	since time.Time // machine time it was handed in
}

// courier delivers webhooks at least once. Lanes are independent of each other.
type courier struct {
	cfg     Config
	log     *slog.Logger
	faults  *faults
	journal *journal
	client  *http.Client

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex
	lanes  map[string][]parcel
	handed int
	epoch  int // raised by forget: what was handed in before is dropped
	proven bool
}

func newCourier(cfg Config, f *faults, j *journal) *courier {
	ctx, stop := context.WithCancel(context.Background())
	return &courier{
		cfg: cfg, log: cfg.Log, faults: f, journal: j, ctx: ctx, stop: stop, lanes: map[string][]parcel{},
		client: &http.Client{
			Timeout:       answerWithin,
			Transport:     &http.Transport{MaxIdleConnsPerHost: 32},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// send hands a webhook in and returns at once.
func (c *courier) send(p parcel) error {
	if err := c.journal.put(keptParcel, p.ID, p); err != nil {
		return err
	}
	c.enqueue(p)
	return nil
}

// restore hands in what an earlier run could not deliver.
func (c *courier) restore(j *journal) error {
	return each(j, keptParcel, func(_ string, p parcel) { c.enqueue(p) })
}

func (c *courier) enqueue(p parcel) {
	p.since = c.cfg.Clock.Machine()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		return // closing: the journal keeps it
	}
	c.handed++
	queue, busy := c.lanes[p.Lane]
	c.lanes[p.Lane] = append(queue, p)
	if !busy {
		c.running.Add(1)
		go c.work(p.Lane)
	}
}

// load is how many parcels are not acknowledged yet, and how many were ever handed in.
func (c *courier) load() (underWay, ever int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, lane := range c.lanes {
		underWay += len(lane)
	}
	return underWay, c.handed
}

// forget drops everything that is under way.
func (c *courier) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	for lane := range c.lanes {
		c.lanes[lane] = nil
	}
}

func (c *courier) close() {
	c.stop()
	c.running.Wait()
	c.client.CloseIdleConnections()
}

// work delivers the parcels of a lane until it is empty.
func (c *courier) work(lane string) {
	defer c.running.Done()
	for {
		p, epoch, ok := c.next(lane)
		if !ok {
			return
		}
		c.deliver(p, epoch)
		if c.ctx.Err() != nil {
			return
		}
		c.done(p, epoch)
	}
}

// next is the parcel whose turn it is. It stays in its lane until it is done, so that load
// counts it. An empty lane is closed.
func (c *courier) next(lane string) (parcel, int, bool) {
	service, _, _ := strings.Cut(lane, ":")
	if c.faults.of(service).mode == "reorder" {
		c.pause(reorderWait)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	queue := c.lanes[lane]
	if len(queue) == 0 {
		delete(c.lanes, lane)
		return parcel{}, 0, false
	}
	if c.faults.of(service).mode == "reorder" {
		return queue[len(queue)-1], c.epoch, true
	}
	return queue[0], c.epoch, true
}

func (c *courier) done(p parcel, epoch int) {
	if err := c.journal.drop(keptParcel, p.ID); err != nil {
		c.log.Error("a delivered webhook may be delivered again", "err", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.epoch {
		return
	}
	queue := c.lanes[p.Lane]
	for i := range queue {
		if queue[i].ID == p.ID {
			c.lanes[p.Lane] = append(queue[:i:i], queue[i+1:]...)
			return
		}
	}
}

// deliver tries until the app acknowledges, the parcel is given up or forgotten, or we stop.
func (c *courier) deliver(p parcel, epoch int) {
	if !c.pause(p.Delay) {
		return
	}
	for gap := firstGap; ; gap = min(2*gap, longestGap) {
		err := c.attempt(p)
		if err == nil {
			if c.faults.of(p.Service).mode == "duplicate" {
				_ = c.attempt(p) // the second copy may well be refused: the first counted
			}
			return
		}
		if c.cfg.Clock.Machine().Sub(p.since) > giveUpAfter {
			c.log.Warn("a webhook was given up", "service", p.Service, "err", err)
			return
		}
		if !c.pause(gap) || c.forgotten(epoch) {
			return
		}
	}
}

func (c *courier) forgotten(epoch int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return epoch != c.epoch
}

// pause waits, and tells false when we are stopping.
func (c *courier) pause(d time.Duration) bool {
	if d <= 0 {
		return c.ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.ctx.Done():
		return false
	}
}

// attempt posts a parcel once, freshly signed.
func (c *courier) attempt(p parcel) error {
	base := c.cfg.AppURL()
	if base == "" {
		return errors.New("the app is not up")
	}
	if p.Service == "whatsapp" {
		if err := c.prove(base); err != nil {
			return err
		}
	}
	path, headers := c.sign(p)
	req, err := http.NewRequestWithContext(c.ctx, http.MethodPost, base+path, bytes.NewReader(p.Body))
	if err != nil {
		return fmt.Errorf("deliver webhook: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	status, _, err := c.do(req)
	if err != nil {
		return fmt.Errorf("deliver webhook: %w", err)
	}
	if status < 200 || status > 299 {
		return fmt.Errorf("deliver webhook: answered %d", status)
	}
	return nil
}

func (c *courier) sign(p parcel) (path string, headers map[string]string) {
	switch p.Service {
	case "stripe":
		return stripeHook, map[string]string{"Stripe-Signature": stripeSignature(c.cfg.StripeWebhookSecret, c.cfg.Clock.Machine(), p.Body)}
	case "chatwoot":
		return chatwootHook, c.chatwootHeaders(p)
	default:
		return whatsappHook, map[string]string{"X-Hub-Signature-256": metaSignature(c.cfg.AppSecret, p.Body)}
	}
}

// prove asks the webhook address for the challenge, as Meta does before it delivers anything (W4).
func (c *courier) prove(base string) error {
	c.mu.Lock()
	proven := c.proven || c.cfg.VerifyToken == ""
	c.mu.Unlock()
	if proven {
		return nil
	}
	challenge := randomDigits(10)
	query := url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {c.cfg.VerifyToken}, "hub.challenge": {challenge}}
	req, err := http.NewRequestWithContext(c.ctx, http.MethodGet, base+whatsappHook+"?"+query.Encode(), nil)
	if err != nil {
		return fmt.Errorf("prove webhook address: %w", err)
	}
	status, body, err := c.do(req)
	if err != nil {
		return fmt.Errorf("prove webhook address: %w", err)
	}
	if status != http.StatusOK || body != challenge {
		return fmt.Errorf("prove webhook address: answered %d, or another challenge", status)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.proven = true
	return nil
}

func (c *courier) do(req *http.Request) (status int, body string, err error) {
	res, err := c.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }() // read to its end or given up
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	return res.StatusCode, string(raw), err
}
