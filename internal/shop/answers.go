package shop

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"frontdesk/internal/database"
)

// Answer is what a caller was told of the catalogue, written out. Nobody changes its bytes.
type Answer struct {
	Type string // of the content
	Body []byte
	Tag  string // the same for the same bytes
}

// Limits of what this process holds written out, so that nobody fills its memory with questions.
const (
	answersBytes = 16 << 20
	answerBytes  = 256 << 10
)

// answers holds what was written out in one edition of the catalogue, and forgets all of it with the next. Safe for
// concurrent use.
type answers struct {
	mu      sync.Mutex
	edition int64
	held    map[question]heldAnswer
	bytes   int
}

// question is the digest of what was asked: what people type is kept nowhere in clear.
type question [sha256.Size]byte

type heldAnswer struct {
	Answer
	until time.Time // machine time
}

// Answer gives what was answered to a question of this edition of the catalogue before, else what write writes. The
// question says everything that the answer depends on beside the catalogue. A failure is not held, and nothing is where
// nothing is to be remembered.
func (s *Shop) Answer(ctx context.Context, asked string, write func() (Answer, error)) (Answer, error) {
	if s.memory.redis == nil || s.memory.products <= 0 || database.InTransaction(ctx) {
		return write()
	}
	edition, err := s.memory.edition(ctx)
	if err != nil {
		return Answer{}, err
	}
	q := question(sha256.Sum256([]byte(asked)))
	if had, ok := s.memory.answers.find(q, edition, s.clock.Machine()); ok {
		s.memory.hits.Add(1)
		return had, nil
	}
	a, err := write()
	if err != nil {
		return Answer{}, err
	}
	s.memory.answers.hold(q, edition, heldAnswer{a, s.clock.Machine().Add(s.memory.products)})
	return a, nil
}

func (a *answers) find(q question, edition int64, now time.Time) (Answer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	had, ok := a.held[q]
	return had.Answer, ok && a.edition == edition && now.Before(had.until)
}

// hold keeps an answer of an edition. It was written after the edition's number was read, so that it is never older
// than that.
func (a *answers) hold(q question, edition int64, fresh heldAnswer) {
	size := len(fresh.Body)
	if size > answerBytes {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if edition < a.edition {
		return
	}
	if edition > a.edition || a.held == nil || a.bytes+size > answersBytes {
		a.edition, a.held, a.bytes = edition, map[question]heldAnswer{}, 0
	}
	a.bytes += size - len(a.held[q].Body)
	a.held[q] = fresh
}
