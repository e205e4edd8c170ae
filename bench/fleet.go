package main

import (
	"context"
	"fmt"
	"time"
)

// fleetShare is what two processes must reach of one on the same cores: what they share must not cost
// more than this, or a second one would make a small machine slower.
const fleetShare = 0.95

// measureFleet compares one process with two that share the cores, in turn: acknowledgements and turns.
func measureFleet(ctx context.Context, b *bench) error {
	var acks, turns [2][]float64 // by processes less one
	for range 3 {
		for i := range 2 {
			a, t, err := b.team(ctx, i+1)
			if err != nil {
				return err
			}
			acks[i], turns[i] = append(acks[i], a), append(turns[i], t)
			b.figure([]string{"AckOneProcess", "AckTwoProcesses"}[i], a, "acks/s")
			b.figure([]string{"TurnOneProcess", "TurnTwoProcesses"}[i], t, "turns/s")
		}
	}
	for _, f := range []struct {
		what string
		got  [2][]float64
	}{{"acknowledgements", acks}, {"turns", turns}} {
		one, two := median(f.got[0]), median(f.got[1])
		b.judge(f.what+" of two processes ÷ of one", fmt.Sprintf("%.2f (%.0f/s, %.0f/s)", two/one, two, one),
			fmt.Sprintf("≥ %.2f", fleetShare), two/one >= fleetShare)
	}
	return nil
}

// team measures so many processes: acknowledgements in a closed loop without workers, then how fast
// turns get done when more wait than can be done.
func (b *bench) team(ctx context.Context, processes int) (acks, turns float64, err error) {
	apps := []*app{b.app}
	for len(apps) < processes {
		more, err := b.app.startBeside(ctx, b.program, b.handset.url)
		if err != nil {
			return 0, 0, err
		}
		defer more.stop()
		apps = append(apps, more)
	}
	b.handset.speakTo(apps...)
	defer b.handset.speakTo(b.app)
	pause, err := openPause(ctx, b.database)
	if err != nil {
		return 0, 0, err
	}
	defer pause.close()
	if err := pause.workers(ctx); err != nil {
		return 0, 0, err
	}
	length := b.scaled(5 * time.Second)
	watch := watching(b, apps[1:]...)
	times, err := closedLoop(ctx, ackCallers, length, b.writeOnce)
	if err != nil {
		return 0, 0, err
	}
	watch.report(fmt.Sprintf("acknowledgements, %d process(es)", processes))
	if err := pause.resume(ctx); err != nil {
		return 0, 0, err
	}
	watch = watching(b, apps[1:]...)
	turns, err = b.backlog(ctx, pause)
	watch.report(fmt.Sprintf("turns, %d process(es)", processes))
	return float64(len(times)) / length.Seconds(), turns, err
}

// backlog stores messages of as many customers while the workers stand still, and tells how many turns a
// second they do then.
func (b *bench) backlog(ctx context.Context, pause *pause) (perSecond float64, err error) {
	if err := pause.workers(ctx); err != nil {
		return 0, err
	}
	waiting := 600
	if b.quick {
		waiting = 120
	}
	b.handset.arrivals()
	for range waiting {
		if err := b.writeOnce(ctx); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	if err := pause.client.QueueResume(ctx, everyQueue, nil); err != nil {
		return 0, fmt.Errorf("let the workers go on: %w", err)
	}
	for b.handset.heard() < waiting {
		if !sleepUntil(ctx, time.Now().Add(5*time.Millisecond)) || time.Since(began) > time.Minute {
			return 0, fmt.Errorf("%d of %d messages were answered", b.handset.heard(), waiting)
		}
	}
	perSecond = float64(waiting) / time.Since(began).Seconds()
	return perSecond, b.quiet(ctx)
}
