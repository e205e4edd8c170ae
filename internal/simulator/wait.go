package simulator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// Polling starts fast, for the answer that comes at once, and slows down.
const (
	firstPoll   = 4 * time.Millisecond
	longestPoll = 40 * time.Millisecond
)

// await polls until the condition holds, and tells whether it did before the patience ended.
func (s *Server) await(ctx context.Context, patience time.Duration, holds func(context.Context) (bool, error)) bool {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	told := false
	for gap := firstPoll; ; gap = min(gap*5/4, longestPoll) {
		done, err := holds(ctx)
		if err != nil && ctx.Err() == nil && !told {
			s.log.WarnContext(ctx, "the stand-ins cannot see how far the app is", "err", err)
			told = true
		}
		if done && err == nil {
			return true
		}
		pause := time.NewTimer(gap)
		select {
		case <-pause.C:
		case <-deadline.C:
			pause.Stop()
			return false
		case <-ctx.Done():
			pause.Stop()
			return false
		}
	}
}

// unfinished are the jobs that still have something to do; one that waits for a retry counts.
const unfinished = `state IN ('available', 'pending', 'running', 'retryable', 'scheduled')`

// quiet is true when nothing is left to do in a conversation: no message unread or unsent, no job of
// its own, no notice about its visits under way. It is one statement, so it sees one moment.
const quiet = `
	NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = @conversation
		AND (m.direction = 'in' AND m.status = 'received' OR m.direction = 'out' AND m.status IN ('queued', 'sending')))
	AND NOT EXISTS (SELECT 1 FROM river_job j WHERE ` + unfinished + ` AND j.args->>'conversation_id' = CAST(@conversation AS text))
	AND NOT EXISTS (SELECT 1 FROM river_job j JOIN appointments a ON a.id::text = j.args->>'appointment_id'
		WHERE j.state IN ('available', 'running') AND j.kind = 'notify.stylist' AND a.conversation_id = @conversation)
	AND NOT EXISTS (SELECT 1 FROM river_job j JOIN cases c ON c.id::text = j.args->>'case_id'
		WHERE j.state IN ('available', 'running') AND j.kind = 'notify.case' AND c.conversation_id = @conversation)
	AND NOT EXISTS (SELECT 1 FROM river_job j JOIN notices n ON n.id::text = j.args->>'notice_id'
		JOIN appointments a ON a.id = n.appointment_id
		WHERE j.state IN ('available', 'running') AND j.kind = 'notify.send' AND a.conversation_id = @conversation)`

// answered tells whether a message, and every other one of the phone, has been processed and nothing
// is left to do in the conversation.
func (s *Server) answered(ctx context.Context, channel, phone, messageID string) (bool, error) {
	var processed bool
	err := s.cfg.DB.On(ctx).Raw(`
		SELECT EXISTS (SELECT 1 FROM provider_events
			WHERE provider = @channel AND event_id = @event AND processed_at IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM provider_events
			WHERE provider = @channel AND sender = @phone AND kind = 'message' AND processed_at IS NULL)`,
		map[string]any{"channel": channel, "event": messageID, "phone": e164(phone)}).Scan(&processed).Error
	if err != nil || !processed {
		return false, wrap(err, "look for the processed message")
	}
	conversation, err := s.conversationOf(ctx, channel, phone)
	if err != nil {
		return false, err
	}
	if conversation == "" {
		return true, nil // taken note of, and nobody to talk to
	}
	return s.isQuiet(ctx, conversation)
}

// conversationOf is the conversation of a phone on a channel; empty when there is none.
func (s *Server) conversationOf(ctx context.Context, channel, phone string) (string, error) {
	var id string
	err := s.cfg.DB.On(ctx).Raw(`SELECT v.id::text FROM conversations v JOIN contacts k ON k.id = v.contact_id
		WHERE k.channel = ? AND k.address = ?`, channel, e164(phone)).Scan(&id).Error
	return id, wrap(err, "find the phone's conversation")
}

func (s *Server) isQuiet(ctx context.Context, conversation string) (bool, error) {
	var done bool
	err := s.cfg.DB.On(ctx).Raw("SELECT "+quiet, map[string]any{"conversation": conversation}).Scan(&done).Error
	return done, wrap(err, "look for open work of a conversation")
}

// payer is whose payment a session is: the conversation and the phone, empty when the product knows
// of none.
type payer struct{ conversation, phone string }

func (s *Server) payerOf(ctx context.Context, sessionID string) (payer, error) {
	pay, _ := s.stripe.session(sessionID)
	var row struct{ Conversation, Address string }
	err := s.cfg.DB.On(ctx).Raw(`SELECT v.id::text AS conversation, k.address FROM payments p
		LEFT JOIN appointments a ON a.id = p.appointment_id LEFT JOIN orders o ON o.id = p.order_id
		JOIN conversations v ON v.id = a.conversation_id OR v.contact_id IN (SELECT id FROM contacts WHERE customer_id = o.customer_id)
		JOIN contacts k ON k.id = v.contact_id
		WHERE p.session_id = @session OR p.id::text = @reference LIMIT 1`,
		map[string]any{"session": sessionID, "reference": pay.Reference}).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return payer{}, nil
	}
	return payer{row.Conversation, waID(row.Address)}, wrap(err, "find the payer")
}

// applied tells whether events have been processed and nothing is left to do in the payer's
// conversation.
func (s *Server) applied(ctx context.Context, who payer, eventIDs []string) (bool, error) {
	var done int
	err := s.cfg.DB.On(ctx).Raw(`SELECT count(*) FROM provider_events
		WHERE provider = 'stripe' AND event_id IN ? AND processed_at IS NOT NULL`, eventIDs).Scan(&done).Error
	if err != nil || done < len(eventIDs) {
		return false, wrap(err, "look for processed payment events")
	}
	if who.conversation == "" {
		return true, nil
	}
	return s.isQuiet(ctx, who.conversation)
}

// pending counts the jobs that are due or running and the webhooks not yet acknowledged. A webhook
// handed in while the jobs were counted may have become a job already: it counts as one.
func (s *Server) pending(ctx context.Context) (int, error) {
	underWay, before := s.courier.load()
	jobs, err := s.cfg.Queue.Pending(ctx)
	if err != nil {
		return 0, fmt.Errorf("count what is pending: %w", err)
	}
	_, after := s.courier.load()
	return jobs + underWay + after - before, nil
}

func (s *Server) idle(ctx context.Context) (bool, error) {
	n, err := s.pending(ctx)
	return n == 0, err
}
