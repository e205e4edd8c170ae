package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"frontdesk/internal/whatsapp"
)

// handset is WhatsApp and all its phones: it posts signed webhooks to the program, takes what the program
// sends and notes when, and reports every sent message as sent, delivered and read, as Meta does.
type handset struct {
	url    string
	server *http.Server
	client *http.Client
	ctx    context.Context
	end    context.CancelFunc
	posts  sync.WaitGroup

	mu     sync.Mutex
	hooks  []string // where webhooks go, in turn
	turn   int
	secret string
	sent   map[string]time.Time // by the id the program gave its message: when it reached us first
	mute   bool                 // sent messages are not reported
	insist bool                 // webhooks that are not acknowledged are posted again
	failed error                // the first webhook that was not acknowledged
}

// When a message that was sent is reported as delivered and read.
const (
	deliveredAfter = 150 * time.Millisecond
	readAfter      = 1500 * time.Millisecond
	insistEvery    = 100 * time.Millisecond
)

func startHandset(ctx context.Context) (*handset, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for sent messages: %w", err)
	}
	h := &handset{url: "http://" + l.Addr().String(), client: &http.Client{Timeout: 30 * time.Second, Transport: transport()}, sent: map[string]time.Time{}}
	h.ctx, h.end = context.WithCancel(ctx)
	h.serve(l)
	return h, nil
}

func (h *handset) serve(l net.Listener) {
	server := &http.Server{Handler: http.HandlerFunc(h.take), ReadHeaderTimeout: 5 * time.Second}
	h.server = server
	go func() { _ = server.Serve(l) }() // ends by stop, or by leave
}

// leave lets nobody reach WhatsApp, until comeBack.
func (h *handset) leave() error {
	if err := h.server.Close(); err != nil {
		return fmt.Errorf("take WhatsApp away: %w", err)
	}
	return nil
}

func (h *handset) comeBack() error {
	l, err := (&net.ListenConfig{}).Listen(h.ctx, "tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		return fmt.Errorf("bring WhatsApp back: %w", err)
	}
	h.serve(l)
	return nil
}

// insisting says whether webhooks are posted again until they are acknowledged, as Meta does.
func (h *handset) insisting(on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.insist = on
}

func (h *handset) stop() {
	h.end()
	h.posts.Wait()
	_ = h.server.Close() // nobody sends any more
}

// speakTo says where webhooks go: to the processes in turn.
func (h *handset) speakTo(apps ...*app) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hooks, h.secret = nil, apps[0].env["WHATSAPP_APP_SECRET"]
	for _, a := range apps {
		h.hooks = append(h.hooks, a.base+"/webhook/whatsapp")
	}
}

// reporting says whether sent messages are reported as sent, delivered and read.
func (h *handset) reporting(on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mute = !on
}

// take is the Cloud API: it accepts every message.
func (h *handset) take(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	var m struct {
		To     string `json:"to"`
		Status string `json:"status"`
		Ours   string `json:"biz_opaque_callback_data"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&m); err != nil {
		http.Error(w, "no JSON", http.StatusBadRequest)
		return
	}
	id := "wamid.OUT." + rand.Text()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"messages": []map[string]string{{"id": id}}}) // the program may be gone
	if m.Status != "" || m.Ours == "" {
		return
	}
	h.mu.Lock()
	if _, known := h.sent[m.Ours]; !known {
		h.sent[m.Ours] = at
	}
	mute := h.mute
	h.mu.Unlock()
	if mute {
		return
	}
	h.posts.Go(func() { h.report(m.To, id, m.Ours, at) })
}

// report tells what became of a message.
func (h *handset) report(to, id, ours string, at time.Time) {
	for _, step := range []struct {
		status string
		after  time.Duration
	}{{"sent", 0}, {"delivered", deliveredAfter}, {"read", readAfter}} {
		if !sleepUntil(h.ctx, at.Add(step.after)) {
			return
		}
		err := h.post(h.ctx, h.hook(map[string]any{"statuses": []any{map[string]any{
			"id": id, "status": step.status, "timestamp": fmt.Sprint(at.Unix()), "recipient_id": to, "biz_opaque_callback_data": ours,
			"pricing": map[string]any{"billable": true, "pricing_model": "PMP", "category": "service", "type": "regular"},
		}}}))
		if err != nil && h.ctx.Err() == nil {
			h.mu.Lock()
			h.failed = err
			h.mu.Unlock()
		}
	}
}

// write posts a customer's text message.
func (h *handset) write(ctx context.Context, phone, id, text string) error {
	return h.post(ctx, h.hook(map[string]any{
		"contacts": []any{map[string]any{"wa_id": phone, "profile": map[string]string{"name": "Guest"}}},
		"messages": []any{map[string]any{"from": phone, "id": id, "timestamp": fmt.Sprint(time.Now().Unix()), "type": "text", "text": map[string]string{"body": text}}},
	}))
}

// signedHook is a webhook as it travels.
type signedHook struct {
	body      []byte
	signature string
}

// hook wraps a change into Meta's envelope and signs it.
func (h *handset) hook(value map[string]any) signedHook {
	value["messaging_product"] = "whatsapp"
	value["metadata"] = map[string]string{"display_phone_number": "447700900100", "phone_number_id": "100200300400500"}
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{
		"id": "900100900100900", "changes": []any{map[string]any{"field": "messages", "value": value}},
	}}})
	if err != nil {
		panic(fmt.Sprintf("a webhook of strings and numbers cannot be written: %v", err))
	}
	return signedHook{body, whatsapp.Sign(h.secret, body)}
}

// post hands a webhook to the next process and waits for its acknowledgement.
func (h *handset) post(ctx context.Context, hook signedHook) error {
	for {
		h.mu.Lock()
		to, insist := h.hooks[h.turn%len(h.hooks)], h.insist
		h.turn++
		h.mu.Unlock()
		err := h.postTo(ctx, to, hook)
		if err == nil || !insist || !sleepUntil(ctx, time.Now().Add(insistEvery)) {
			return err
		}
	}
}

func (h *handset) postTo(ctx context.Context, to string, hook signedHook) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(hook.body))
	if err != nil {
		return fmt.Errorf("post a webhook: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(whatsapp.SignatureHeader, hook.signature)
	res, err := h.client.Do(req)
	if err != nil {
		return fmt.Errorf("post a webhook: %w", err)
	}
	defer res.Body.Close() //nolint:errcheck // read whole
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return fmt.Errorf("post a webhook: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("post a webhook: got %d", res.StatusCode)
	}
	return nil
}

// arrivals are the messages that reached the phones so far and when, and forgets them.
func (h *handset) arrivals() map[string]time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := h.sent
	h.sent = map[string]time.Time{}
	return all
}

// heard is how many messages reached the phones since they were last forgotten.
func (h *handset) heard() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sent)
}
