package chat

import (
	"sync"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// mindedMost is how many answers of a model are kept for turns that have to come again.
const mindedMost = 64

// minded is what a model made of messages whose conversation was busy when the answer was there. The turn that comes
// again for the same messages, against the same state, does not ask and pay a second time. It lives in this process
// and no longer than the turn; losing it costs another question.
type minded struct {
	mu   sync.Mutex
	kept map[models.ID]answered // by the first message
}

// answered is a model's answer, and what it was an answer to.
type answered struct {
	messages int
	version  int64
	meaning  understand.Meaning
	asked    modelCall
}

func (k *minded) keep(r reading) {
	if r.asked.outcome == "" {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == nil || len(k.kept) >= mindedMost {
		k.kept = map[models.ID]answered{}
	}
	k.kept[r.messages[0].ID] = answered{len(r.messages), r.version, r.meaning, r.asked}
}

// take is what was kept for a reading, once; ok is false when it was of another one.
func (k *minded) take(r reading) (reading, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a, ok := k.kept[r.messages[0].ID]
	delete(k.kept, r.messages[0].ID)
	if !ok || a.messages != len(r.messages) || a.version != r.version {
		return r, false
	}
	r.meaning, r.asked = a.meaning, a.asked
	return r, true
}
