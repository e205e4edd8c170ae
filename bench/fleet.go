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
// disturbs both of a pair, so that the median of the pairs' ratios is what counts. Neither always goes
// first: the second of a pair finds the servers warmer, or busy with what the first left behind.
func measureFleet(ctx context.Context, b *bench) error {
	pause, err := openPause(ctx, b.database)
	if err != nil {
		return err
	}
	defer pause.close()
	var acks, turns pairs
	for n := range 4 {
		var acked, turned [2]float64
		for _, which := range []int{n % 2, 1 - n%2} {
			if acked[which], turned[which], err = b.fleetOf(ctx, pause, which+1); err != nil {
				return err
			}
		}
		acks, turns = append(acks, acked), append(turns, turned)
	}
	b.pairs("acknowledgements", "Ack", "acks/s", acks)
	b.pairs("turns", "Turn", "turns/s", turns)
	return b.app.again(ctx, b.database)
}

// fleetOf starts so many processes, lets them work until nothing of their beginning is left, and measures
// what they acknowledge and what turns they do in a second.
func (b *bench) fleetOf(ctx context.Context, pause *pause, processes int) (acks, turns float64, err error) {
	if err := b.app.again(ctx, b.database); err != nil {
		return 0, 0, err
	}
	fleet := []*app{b.app}
	for range processes - 1 {
		further, err := b.app.startBeside(ctx, b.program, b.handset.url)
		if err != nil {
			return 0, 0, err
		}
		defer further.stop()
		fleet = append(fleet, further)
	}
	b.handset.speakTo(fleet...)
	defer b.handset.speakTo(b.app)
	if _, err := b.backlog(ctx, pause); err != nil { // connections open, statements are prepared
		return 0, 0, err
	}
	what := fmt.Sprintf("%d at work: ", processes)
	watch := watching(b, fleet[1:]...)
	if turns, err = b.backlog(ctx, pause); err != nil {
		return 0, 0, err
	}
	watch.report(what + "turns")
	if err := pause.workers(ctx); err != nil {
		return 0, 0, err
	}
	watch, length := watching(b, fleet[1:]...), b.scaled(4*time.Second)
	times, err := closedLoop(ctx, ackCallers, length, b.writeOnce)
	if err != nil {
		return 0, 0, err
	}
	watch.report(what + "acknowledgements")
	return float64(len(times)) / length.Seconds(), turns, pause.resume(ctx)
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
	waiting := 800
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
