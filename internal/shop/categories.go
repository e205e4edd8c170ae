package shop

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"frontdesk/models"
)

// CategoryCount is a category with its parent, how many active products a list of it holds, and how many
// categories stand directly in it.
type CategoryCount struct {
	models.ProductCategory
	Parent   *models.ProductCategory
	Products int
	Children int
}

// Categories are all categories with their counts of active products, those of their children included: as
// many as a list of that category gives. A parent comes before its children, siblings by position.
func (s *Shop) Categories(ctx context.Context) ([]CategoryCount, error) {
	defer s.timings.categories.since(s.clock, s.clock.Machine())
	return remembered(ctx, s.memory, listChange, "categories", s.memory.categories, s.countCategories)
}

func (s *Shop) countCategories(ctx context.Context) ([]CategoryCount, error) {
	rows, err := s.categories(ctx)
	if err != nil {
		return nil, err
	}
	var direct []struct {
		CategoryID models.ID
		N          int
	}
	err = s.db.On(ctx).Raw("SELECT category_id, count(*) AS n FROM products WHERE active AND category_id IS NOT NULL GROUP BY category_id").Scan(&direct).Error
	if err != nil {
		return nil, fmt.Errorf("count products of categories: %w", err)
	}
	counts := map[models.ID]int{}
	for _, d := range direct {
		counts[d.CategoryID] = d.N
	}
	return tree(rows, counts), nil
}

func (s *Shop) categories(ctx context.Context) ([]models.ProductCategory, error) {
	var rows []models.ProductCategory
	if err := s.db.On(ctx).Order("position, slug").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read categories: %w", err)
	}
	return rows, nil
}

// tree puts categories into their order, depth first, with what they hold. Each is visited once, whatever the
// rows say of their parents.
func tree(rows []models.ProductCategory, counts map[models.ID]int) []CategoryCount {
	byID := map[models.ID]*models.ProductCategory{}
	children := map[models.ID][]models.ProductCategory{}
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
	}
	for _, c := range rows {
		var parent models.ID
		if c.ParentID != nil && byID[*c.ParentID] != nil {
			parent = *c.ParentID
		}
		children[parent] = append(children[parent], c)
	}
	out := make([]CategoryCount, 0, len(rows))
	var put func(in models.ID) int
	put = func(in models.ID) (total int) {
		siblings := children[in]
		delete(children, in)
		slices.SortStableFunc(siblings, func(a, b models.ProductCategory) int { return cmp.Compare(a.Position, b.Position) })
		for _, c := range siblings {
			at := len(out)
			out = append(out, CategoryCount{ProductCategory: c, Parent: byID[in], Children: len(children[c.ID])})
			out[at].Products = counts[c.ID] + put(c.ID)
			total += out[at].Products
		}
		return total
	}
	put(models.ID{})
	return out
}

// within are the ids of a category and everything below it; none when there is no such category.
func (s *Shop) within(ctx context.Context, slug string) ([]models.ID, error) {
	rows, err := s.categories(ctx)
	if err != nil {
		return nil, err
	}
	var ids []models.ID
	for _, c := range rows {
		if c.Slug == slug {
			ids = append(ids, c.ID)
		}
	}
	for i := 0; i < len(ids); i++ {
		for _, c := range rows {
			if c.ParentID != nil && *c.ParentID == ids[i] && !slices.Contains(ids, c.ID) {
				ids = append(ids, c.ID)
			}
		}
	}
	return ids, nil
}
