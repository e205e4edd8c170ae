package checkout

import (
	"context"
	"fmt"

	"frontdesk/models"
)

// Follow makes what a guest's session ordered the orders of the customer it turned out to be, with where they go, and what
// was answered under its keys. It joins the transaction of the proof, whose carts are locked by then, so that neither the guest nor
// the customer places an order meanwhile. Orders stay where they stand; their goods stay held.
func (t *Till) Follow(ctx context.Context, session, customer models.ID) error {
	who := map[string]any{"session": session, "customer": customer}
	for _, step := range []struct{ what, statement string }{
		{"addresses known twice", `UPDATE orders o SET address_id = theirs.id FROM addresses guest JOIN addresses theirs
			ON theirs.customer_id = @customer AND theirs.digest = guest.digest
			WHERE guest.session_id = @session AND o.session_id = @session AND o.address_id = guest.id`},
		{"addresses", `UPDATE addresses guest SET customer_id = @customer, session_id = NULL WHERE guest.session_id = @session
			AND NOT EXISTS (SELECT FROM addresses theirs WHERE theirs.customer_id = @customer AND theirs.digest = guest.digest)`},
		{"orders", `UPDATE orders SET customer_id = @customer, session_id = NULL WHERE session_id = @session`},
		{"addresses left over", `DELETE FROM addresses a WHERE a.session_id = @session AND NOT EXISTS (SELECT FROM orders WHERE address_id = a.id)`},
		{"keys", `UPDATE order_keys k SET owner_id = @customer WHERE owner_id = @session
			AND NOT EXISTS (SELECT FROM order_keys o WHERE o.owner_id = @customer AND o.key = k.key)`},
	} {
		if err := t.db.On(ctx).Exec(step.statement, who).Error; err != nil {
			return fmt.Errorf("hand %s on: %w", step.what, err)
		}
	}
	return nil
}
