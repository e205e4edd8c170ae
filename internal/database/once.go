package database

import "context"

// Once tells whether a key, of a comparable type, is asked for the first time in the transaction on the
// context; without one it always is. What a rolled back savepoint asked for is forgotten with it.
func Once(ctx context.Context, key any) bool {
	inner, ok := ctx.Value(txKey{}).(*tx)
	if !ok {
		return true
	}
	for t := inner; t != nil; t = t.outer {
		if t.once[key] {
			return false
		}
	}
	inner.note(key)
	return true
}

func (t *tx) note(key any) {
	if t.once == nil {
		t.once = map[any]bool{}
	}
	t.once[key] = true
}

// join keeps what an inner transaction leaves to the one around it.
func (t *tx) join(inner *tx) {
	t.after = append(t.after, inner.after...)
	for key := range inner.once {
		t.note(key)
	}
}
