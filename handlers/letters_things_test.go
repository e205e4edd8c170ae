package handlers

import (
	"fmt"

	"frontdesk/internal/letters"
	"frontdesk/jobs/queue"
)

// died lets n jobs of the same conversation die of the same, and gives the last one.
func (s *salon) died(n int) (job int64) {
	s.t.Helper()
	ctx := s.t.Context()
	for range n {
		s.must(s.Queue.Enqueue(ctx, queue.Flush{ConversationID: s.noor.ID}))
	}
	s.must(s.DB.On(ctx).Exec(`UPDATE river_job SET state = 'discarded', attempt = max_attempts, finalized_at = now(),
		errors = ARRAY[jsonb_build_object('at', now(), 'attempt', 240, 'trace', '', 'error', 'send to +447700900123: whatsapp says 503')]
		WHERE kind = 'notify.flush' AND state = 'available'`).Error)
	s.must(s.DB.On(ctx).Raw("SELECT max(job_id) FROM letters WHERE kind = 'notify.flush'").Scan(&job).Error)
	return job
}

// letterThings are a dead job, a run and a discarding.
func (s *salon) letterThings() map[string][]string {
	s.t.Helper()
	ctx, job := s.t.Context(), s.died(3)
	drop, err := s.Letters.Discard(ctx, "machine", letters.Filter{Jobs: []int64{job}}, 1, "a test")
	s.must(err)
	run, err := s.Letters.Begin(ctx, letters.Start{Actor: "machine", Filter: letters.Filter{Jobs: []int64{job - 1}}, Count: 1})
	s.must(err)
	return map[string][]string{jobsPath + "/": {fmt.Sprint(job - 2)}, runsPath + "/": {run.ID.String()}, dropsPath + "/": {drop.ID.String()}}
}
