package privacy

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// LinkLife is how long a link to an export, and what an export says of its pictures, is good for (R-1013).
const LinkLife = 15 * time.Minute

// Promise asks for a link to an export.
type Promise struct {
	Subject
	Reason string
	Actor  string
}

// AskLink writes down that somebody was promised a link to an export, and gives the request that the link names. Faults as of Export,
// and privacy.refused with privacy.reason at "reason".
func (o *Office) AskLink(ctx context.Context, a Promise) (request models.PrivacyRequest, err error) {
	err = o.db.InTx(ctx, func(ctx context.Context) error {
		p, w, _, err := o.find(ctx, a.Subject)
		if err != nil {
			return err
		}
		if !fits(a.Reason, MaxReason) || w.says(a.Reason) {
			return fault.Invalid("privacy.refused", map[string]string{"reason": "privacy.reason"})
		}
		ask := asked{kind: models.RequestLink, state: models.RequestAccepted, action: actLinkMade, confirmed: a.Confirm, reason: a.Reason, actor: a.Actor}
		if ask.said, err = o.said(ctx, p, w); err != nil {
			return err
		}
		request, err = o.note(ctx, ask, p, words{})
		return err
	})
	return request, err
}

// said are the consents by which somebody is known of whom nothing else is.
func (o *Office) said(ctx context.Context, p Traces, w words) ([]models.ID, error) {
	if len(p.Customers)+len(p.Contacts) > 0 {
		return nil, nil
	}
	var ids []models.ID
	if err := o.db.On(ctx).Raw("SELECT id FROM consents WHERE phone IN @phones", o.about(p, w, models.NewID())).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("find consents: %w", err)
	}
	return ids, nil
}

// subject is whom a link is about, by ids.
type subject struct {
	Traces
	Said []models.ID `json:"said,omitempty"` // consents
}

// Open is the export that a link names, as it is now; whoever was erased meanwhile has none. Faults: privacy.link_unknown,
// privacy.link_over, privacy.too_large.
func (o *Office) Open(ctx context.Context, request models.ID, actor string) (Export, error) {
	var out Export
	err := o.alone(ctx, func(ctx context.Context) error {
		row, who, w, err := o.promised(ctx, request, models.RequestLink)
		if err != nil {
			return err
		}
		if out, err = o.export(ctx, who.Traces, w, row.Confirmed); err != nil {
			return err
		}
		out.Request = request
		return o.opened(ctx, row, actor, nil)
	})
	return out, err
}

// Picture is a picture that an export lists, and its type, as long as a link would be good for. Faults: privacy.link_unknown,
// privacy.link_over; privacy.no_picture for what is none of the person's.
func (o *Office) Picture(ctx context.Context, request, photo models.ID, actor string) (kind string, data []byte, err error) {
	err = o.alone(ctx, func(ctx context.Context) error {
		row, who, _, err := o.promised(ctx, request, models.RequestLink, models.RequestExport)
		if err != nil {
			return err
		}
		args := o.about(who.Traces, words{}, row.ID)
		args["photo"] = photo
		found := o.db.On(ctx).Raw("SELECT f.mime, p.data FROM return_pictures p JOIN return_photos f ON f.id = p.photo_id WHERE p.photo_id = @photo AND f.return_id IN ("+theirReturns+")", args).Row()
		if err := found.Scan(&kind, &data); err != nil {
			return oneOr(err, fault.NotFound("privacy.no_picture"))
		}
		return o.opened(ctx, row, actor, map[string]any{"photo": photo})
	})
	return kind, data, err
}

// opened writes down that what was promised was read; without an actor by whoever had the link.
func (o *Office) opened(ctx context.Context, row models.PrivacyRequest, actor string, detail map[string]any) error {
	if actor == "" {
		actor = byCustomer
	}
	return o.log.Record(ctx, audit.Entry{Actor: actor, Action: actLinkOpened, SubjectKind: "privacy_request", SubjectID: row.ID.String(), Detail: detail})
}

// promised is a request of some kinds that is still good, whom it is about and what is known of them now.
func (o *Office) promised(ctx context.Context, id models.ID, kinds ...models.PrivacyRequestKind) (row models.PrivacyRequest, who subject, w words, err error) {
	row, err = o.request(ctx, id)
	if fault.Is(err, "privacy.no_request") || err == nil && !slices.Contains(kinds, row.Kind) {
		return row, who, w, fault.NotFound("privacy.link_unknown")
	}
	if err != nil {
		return row, who, w, err
	}
	if err := decode(row.Subject, &who); err != nil {
		return row, who, w, err
	}
	if w, err = o.wordsOf(ctx, who.Traces, ""); err != nil {
		return row, who, w, err
	}
	args := o.about(who.Traces, w, row.ID)
	args["said"] = who.Said
	if err := o.db.On(ctx).Raw("SELECT address FROM contacts WHERE id IN @contacts UNION SELECT phone FROM consents WHERE id IN @said AND phone IS NOT NULL", args).Scan(&w.Senders).Error; err != nil {
		return row, who, w, fmt.Errorf("read phones of a person: %w", err)
	}
	w.Phones = append(w.Phones, w.Senders...)
	over, err := o.gone(ctx, row, who, w)
	if err == nil && (over || o.clock.Machine().Sub(row.CreatedAt) >= LinkLife) {
		err = fault.Gone("privacy.link_over")
	}
	return row, who, w, err
}

// gone tells whether the person was erased since a request, or is being: by who they are, or by anything that is known to be theirs.
func (o *Office) gone(ctx context.Context, row models.PrivacyRequest, who subject, w words) (bool, error) {
	if len(who.Said) > 0 && len(w.Phones) == 0 {
		return true, nil
	}
	args, erased := o.about(who.Traces, w, row.ID), false
	args["ids"] = slices.Concat(who.Customers, who.Contacts, who.Addresses, who.Typed, who.Sessions)
	err := o.db.On(ctx).Raw(`SELECT EXISTS (SELECT FROM customers WHERE id IN @customers AND deleted_at IS NOT NULL)
		OR EXISTS (SELECT FROM contacts WHERE id IN @contacts AND address LIKE 'erased:%')
		OR EXISTS (SELECT FROM privacy_requests e WHERE e.kind = 'erasure' AND e.state <> 'not_implemented' AND e.id > @request AND (
			EXISTS (SELECT FROM jsonb_path_query(e.subject, '$.*[*]') theirs WHERE theirs #>> '{}' IN @ids)
			OR EXISTS (SELECT FROM jsonb_path_query(e.words, '$.phones[*]') theirs WHERE theirs #>> '{}' IN @phones)))`, args).Scan(&erased).Error
	if err != nil {
		return false, fmt.Errorf("look whether the person is known: %w", err)
	}
	return erased, nil
}

// oneOr is another error where a row is not there.
func oneOr(err, otherwise error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return otherwise
	}
	return fmt.Errorf("read a row: %w", err)
}
