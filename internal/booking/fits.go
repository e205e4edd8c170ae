package booking

import (
	"context"
	"fmt"

	"frontdesk/models"
)

// Fits tells whether staff could put a visit there now, before anybody asks for it: what is in the way is
// told by the fault, as Move and Hold would (booking.past, booking.closed, booking.stylist_away,
// booking.slot_taken; see Obstacles). except is the visit that moves; nil: a new one. Nothing is locked:
// whoever acts on the answer is answered again.
func (d *Diary) Fits(ctx context.Context, stylist models.ID, span models.Span, except *models.ID) error {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return err
	}
	if err := notPast(span.Start, d.clock.Now()); err != nil {
		return err
	}
	if err := d.mustFit(ctx, spot{stylist, span}, except, p.Zone()); err != nil {
		return fmt.Errorf("look whether a visit fits: %w", err)
	}
	return nil
}
