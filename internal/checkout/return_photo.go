package checkout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Limits of pictures of a return.
const (
	MaxPhotos  = 5
	MaxPicture = 5 << 20 // bytes: WhatsApp's own limit of an image
)

// pictureTypes are what is kept, told by what a file holds and not by what it says it is.
func pictureTypes() []string { return []string{"image/jpeg", "image/png"} }

// KeepPhoto keeps an image that a customer sent with the return of theirs that is open, the newest of several; a
// job fetches what it shows. The same message is kept once. Faults: return.no_open when nothing of theirs is open;
// return.not_a_picture; return.photos_full, which names Max.
func (t *Till) KeepPhoto(ctx context.Context, customer models.ID, m models.Message) (models.Return, error) {
	if m.Content.Kind != models.KindMedia || m.Content.MediaType != "image" {
		return models.Return{}, fault.Conflict("return.not_a_picture")
	}
	var out models.Return
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		open, err := t.openReturnOf(ctx, customer)
		if err != nil {
			return err
		}
		s, err := t.lockSale(ctx, open.OrderID)
		if err != nil {
			return err
		}
		if out, err = t.Return(ctx, open.ID); err != nil {
			return err
		}
		seen := slices.ContainsFunc(out.Photos, func(p models.ReturnPhoto) bool { return p.MessageID == m.ID })
		switch {
		case seen:
			return nil
		case !out.Status.Open() || idOf(s.order.CustomerID) != customer:
			return fault.NotFound("return.no_open")
		case len(out.Photos) >= MaxPhotos:
			return &fault.Fault{Kind: fault.KindConflict, Key: "return.photos_full", Facts: map[string]any{"Max": MaxPhotos}}
		}
		return t.addPhoto(ctx, &out, m)
	})
	if err != nil {
		return models.Return{}, fmt.Errorf("keep photo of return: %w", err)
	}
	return out, nil
}

// openReturnOf finds the newest open return of a customer. Fault: return.no_open.
func (t *Till) openReturnOf(ctx context.Context, customer models.ID) (r models.Return, err error) {
	err = t.db.On(ctx).Joins("JOIN orders o ON o.id = returns.order_id").
		Where("o.customer_id = ? AND returns.status IN ('requested', 'approved', 'in_transit', 'received')", customer).
		Order("returns.created_at DESC, returns.id DESC").Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, fault.NotFound("return.no_open")
	}
	if err != nil {
		return r, fmt.Errorf("find open return: %w", err)
	}
	return r, nil
}

// addPhoto writes what is known of the picture and lets it be fetched.
func (t *Till) addPhoto(ctx context.Context, r *models.Return, m models.Message) error {
	p := models.ReturnPhoto{
		ID: models.NewID(), ReturnID: r.ID, MessageID: m.ID, MediaID: m.Content.MediaID, State: models.PhotoWaiting, CreatedAt: t.clock.Now(),
	}
	if p.MediaID == "" {
		p.State = models.PhotoElsewhere
	}
	done := t.db.On(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "message_id"}}, DoNothing: true}).Create(&p)
	if done.Error != nil {
		return fmt.Errorf("write photo: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return nil // it is kept with another return already
	}
	r.Photos = append(r.Photos, p)
	t.redis.Changed(ctx, redisstore.TopicOrders, r.OrderID.String())
	if p.State != models.PhotoWaiting {
		return nil
	}
	return t.queue.Enqueue(ctx, queue.ReturnPhoto{PhotoID: p.ID})
}

// PhotoToFetch is a photo whose picture is still to be fetched; nil when it is not.
func (t *Till) PhotoToFetch(ctx context.Context, id models.ID) (*models.ReturnPhoto, error) {
	var p models.ReturnPhoto
	err := t.db.On(ctx).Where("id = ? AND state = ?", id, models.PhotoWaiting).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read photo: %w", err)
	}
	return &p, nil
}

// FillPhoto keeps what a photo shows. What is no picture of a kind that is kept, whatever it was said to be, is not.
func (t *Till) FillPhoto(ctx context.Context, id models.ID, data []byte) error {
	kind := http.DetectContentType(data)
	if len(data) == 0 || len(data) > MaxPicture || !slices.Contains(pictureTypes(), kind) {
		return t.settlePhoto(ctx, models.ReturnPhoto{ID: id, State: models.PhotoRefused}, nil)
	}
	return t.settlePhoto(ctx, models.ReturnPhoto{ID: id, State: models.PhotoKept, MIME: kind, Bytes: len(data)}, data)
}

// LosePhoto notes that the channel has a picture no more.
func (t *Till) LosePhoto(ctx context.Context, id models.ID) error {
	return t.settlePhoto(ctx, models.ReturnPhoto{ID: id, State: models.PhotoGone}, nil)
}

// settlePhoto says once what became of a photo.
func (t *Till) settlePhoto(ctx context.Context, p models.ReturnPhoto, data []byte) error {
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		done := t.db.On(ctx).Model(&models.ReturnPhoto{}).Where("id = ? AND state = ?", p.ID, models.PhotoWaiting).
			Updates(map[string]any{"state": p.State, "mime": p.MIME, "bytes": p.Bytes})
		if done.Error != nil || done.RowsAffected == 0 {
			return done.Error
		}
		t.redis.Changed(ctx, redisstore.TopicOrders, p.ID.String())
		if data == nil {
			return nil
		}
		return t.db.On(ctx).Exec("INSERT INTO return_pictures (photo_id, data) VALUES (?, ?)", p.ID, data).Error
	})
	if err != nil {
		return fmt.Errorf("settle photo: %w", err)
	}
	return nil
}

// Picture is what a photo of a return shows. Fault: return.not_found for what is not kept, or not with this return.
func (t *Till) Picture(ctx context.Context, returnID, photo models.ID) (mime string, data []byte, err error) {
	var row struct {
		Mime string
		Data []byte
	}
	done := t.db.On(ctx).Raw(`SELECT p.mime, d.data FROM return_photos p JOIN return_pictures d ON d.photo_id = p.id
		WHERE p.id = ? AND p.return_id = ?`, photo, returnID).Scan(&row)
	if done.Error != nil {
		return "", nil, fmt.Errorf("read picture: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return "", nil, fault.NotFound("return.not_found")
	}
	return row.Mime, row.Data, nil
}
