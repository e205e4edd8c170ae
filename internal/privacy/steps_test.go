package privacy

import (
	"context"

	"frontdesk/models"
)

// Step does the next part of an erasure alone.
func (o *Office) Step(ctx context.Context, request models.ID) (over bool, err error) {
	return o.step(ctx, request)
}

// Steps are how many parts an erasure has until it looks at its end.
func (o *Office) Steps(ctx context.Context) (emptied, all int, err error) {
	others, err := o.tables(ctx)
	return len(emptying()), 2*(len(emptying())+len(others)) + 1, err
}

// Finish ends an erasure as somebody saw it who read it before.
func (o *Office) Finish(ctx context.Context, row models.PrivacyRequest) error {
	return o.finish(ctx, row)
}

// Part notes a part of an erasure as somebody saw it who read it before.
func (o *Office) Part(ctx context.Context, row models.PrivacyRequest) error {
	return o.part(ctx, row, func(context.Context) (string, error) { return "", nil })
}
