package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	liveTarget = 300 * time.Millisecond
	liveActs   = 40
)

// measureLive lets somebody act through one process while a screen is open at the other: from sending
// the act to the news on the screen's stream.
func measureLive(ctx context.Context, b *bench) error {
	second, err := b.app.startBeside(ctx, b.program, b.handset.url)
	if err != nil {
		return err
	}
	defer second.stop()
	if err := second.signIn(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	news, err := second.follow(ctx, "conversations")
	if err != nil {
		return err
	}
	acts := liveActs
	if b.quick {
		acts /= 5
	}
	var times []time.Duration
	for i := range acts {
		took, err := b.app.actSeen(ctx, news, i)
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	b.times("LiveAcrossProcesses", times)
	b.within("an act through one process seen at the other", times, liveTarget)
	return b.quiet(ctx)
}

// actSeen takes a conversation over, or hands it back, and waits for the news.
func (a *app) actSeen(ctx context.Context, news <-chan time.Time, n int) (time.Duration, error) {
	path := "/console/conversations/" + filled(3, int64(50_000+n/2)).String() + []string{"/take-over", "/hand-back"}[n%2]
	form, err := a.form(ctx, path)
	if err != nil {
		return 0, err
	}
	for len(news) > 0 { // of the act before
		<-news
	}
	began := time.Now()
	status, _, err := a.post(ctx, path, form)
	if err != nil {
		return 0, err
	}
	if status != http.StatusOK && status != http.StatusSeeOther {
		return 0, fmt.Errorf("%s: got %d", path, status)
	}
	select {
	case at := <-news:
		defer sleepUntil(ctx, time.Now().Add(50*time.Millisecond)) // an act may have more than one piece of news
		return at.Sub(began), nil
	case <-ctx.Done():
		return 0, fmt.Errorf("%s: no news: %w", path, ctx.Err())
	}
}

// follow opens a live stream and gives back when each piece of news came.
func (a *app) follow(ctx context.Context, topics string) (<-chan time.Time, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+"/console/live?topics="+url.QueryEscape(topics), nil)
	if err != nil {
		return nil, fmt.Errorf("follow: %w", err)
	}
	patient := &http.Client{Jar: a.client.Jar, CheckRedirect: a.client.CheckRedirect}
	res, err := patient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("follow: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close() // only the status matters
		return nil, fmt.Errorf("follow: got %d", res.StatusCode)
	}
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), ": connected") { // the stream is on
	}
	news := make(chan time.Time, 100)
	go func() {
		defer res.Body.Close() //nolint:errcheck // ends with the context
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "event: ") {
				select {
				case news <- time.Now():
				default: // more news than anybody waits for
				}
			}
		}
	}()
	sleepUntil(ctx, time.Now().Add(time.Second)) // the subscription behind the stream
	return news, nil
}
