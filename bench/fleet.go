package main

import (
	"context"
	"fmt"
	"time"
)

// fleetShare is what two processes must reach of one on the same cores: what they share must not cost
// more than this, or a second one would make a small machine slower.
const fleetShare = 0.95

// measureFleet compares one process with two that share the cores, in turn: what disturbs the machine
// disturbs both of a pair, so that the median of the pairs' ratios is what counts.
func measureFleet(ctx context.Context, b *bench) error {
	pause, err := openPause(ctx, b.database)
	if err != nil {
		return err
	}
	defer pause.close()
	defer b.handset.speakTo(b.app)
	if err := b.fleetAcks(ctx, pause); err != nil {
		return err
	}
	return b.fleetTurns(ctx, pause)
}

// fleetAcks posts to one process and to two, while no workers disturb and both are there.
func (b *bench) fleetAcks(ctx context.Context, pause *pause) error {
	second, err := b.app.startBeside(ctx, b.program, b.handset.url)
	if err != nil {
		return err
	}
	defer second.stop()
	if err := pause.workers(ctx); err != nil {
		return err
	}
	length := b.scaled(2 * time.Second)
	acks := func(apps ...*app) (float64, error) {
		b.handset.speakTo(apps...)
		times, err := closedLoop(ctx, ackCallers, length, b.writeOnce)
		return float64(len(times)) / length.Seconds(), err
	}
	watch := watching(b, second)
	var pairs pairs
	for range 6 {
		one, err := acks(b.app)
		if err != nil {
			return err
		}
		two, err := acks(b.app, second)
		if err != nil {
			return err
		}
		pairs = append(pairs, [2]float64{one, two})
	}
	watch.report("acknowledgements by one and two processes")
	b.pairs("acknowledgements", "Ack", "acks/s", pairs)
	return pause.resume(ctx)
}

// fleetTurns works a backlog with one process and with two.
func (b *bench) fleetTurns(ctx context.Context, pause *pause) error {
	var pairs pairs
	for range 3 {
		b.handset.speakTo(b.app)
		watch := watching(b)
		one, err := b.backlog(ctx, pause)
		watch.report("turns by one process")
		if err != nil {
			return err
		}
		second, err := b.app.startBeside(ctx, b.program, b.handset.url)
		if err != nil {
			return err
		}
		b.handset.speakTo(b.app, second)
		watch = watching(b, second)
		two, err := b.backlog(ctx, pause)
		watch.report("turns by two processes")
		b.handset.speakTo(b.app)
		second.stop()
		if err != nil {
			return err
		}
		pairs = append(pairs, [2]float64{one, two})
	}
	b.pairs("turns", "Turn", "turns/s", pairs)
	return nil
}

// pairs are figures of one process and of two, measured one right after the other.
type pairs [][2]float64

// ratio is the median of what two did of what one did.
func (p pairs) ratio() float64 {
	ratios := make([]float64, len(p))
	for i, pair := range p {
		ratios[i] = pair[1] / pair[0]
	}
	return median(ratios)
}

// of are the figures of one process (0) or two (1).
func (p pairs) of(which int) []float64 {
	figures := make([]float64, len(p))
	for i, pair := range p {
		figures[i] = pair[which]
	}
	return figures
}

// pairs reports them.
func (b *bench) pairs(what, name, unit string, p pairs) {
	for _, pair := range p {
		b.figure(name+"OneProcess", pair[0], unit)
		b.figure(name+"TwoProcesses", pair[1], unit)
	}
	b.judge(what+" of two processes ÷ of one", fmt.Sprintf("%.2f (%.0f/s, %.0f/s)", p.ratio(), median(p.of(1)), median(p.of(0))),
		fmt.Sprintf("≥ %.2f", fleetShare), p.ratio() >= fleetShare)
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
