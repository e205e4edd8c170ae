package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// Speaking is part of every question whose answer holds words for people. It has a capital for huma, which
// looks into no other.
type Speaking struct {
	Lang string `query:"lang" maxLength:"35" example:"en" doc:"Language of names and messages: en, es or ar; without it, what Accept-Language prefers"`
}

// anyPrice is the highest a product may have.
const anyPrice = 1_000_000_000

type productsIn struct {
	Speaking
	Text     string `query:"q" maxLength:"100" example:"serum" doc:"Words in name, description, SKU or brand, all of which are looked for"`
	Category string `query:"category" maxLength:"60" example:"hair-care" doc:"A category's slug; its children belong to it"`
	MinPrice int64  `query:"minPrice" minimum:"0" maximum:"1000000000" example:"500" doc:"In minor units"`
	MaxPrice int64  `query:"maxPrice" minimum:"0" maximum:"1000000000" default:"1000000000" example:"5000" doc:"In minor units"`
	Sort     string `query:"sort" enum:"price,name,newest" default:"newest"`
	Order    string `query:"order" enum:"asc,desc" default:"desc"`
	Page     int    `query:"page" minimum:"1" maximum:"5000" default:"1"`
	PageSize int    `query:"pageSize" minimum:"1" maximum:"100" default:"20"`
}

type productsOut struct{ Body productList }

type productList struct {
	Total    int64     `json:"total" example:"42" doc:"How many there are on all pages"`
	Page     int       `json:"page" example:"1"`
	PageSize int       `json:"pageSize" example:"20"`
	Items    []product `json:"items" nullable:"false"`
}

type product struct {
	ID          models.ID         `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c11"`
	SKU         string            `json:"sku" example:"SERUM-50"`
	Name        string            `json:"name" example:"Repair serum"`
	Description string            `json:"description,omitempty" example:"Mends dry ends overnight."`
	Price       int64             `json:"price" example:"2400" doc:"In minor units"`
	Currency    string            `json:"currency" example:"EUR" doc:"ISO 4217"`
	Stock       int               `json:"stock" example:"12"`
	IsActive    bool              `json:"isActive" example:"true"`
	Brand       string            `json:"brand,omitempty" example:"Luma"`
	Attributes  map[string]string `json:"attributes,omitempty" example:"{\"size\":\"50 ml\"}" doc:"What else is said of it, in the language asked for"`
	CategoryID  *models.ID        `json:"categoryId,omitempty" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c12"`
	Category    *shelf            `json:"category,omitempty"`
	Media       []medium          `json:"media" nullable:"false" doc:"In a list the first alone, of one product all"`
	CreatedAt   time.Time         `json:"createdAt" example:"2026-10-09T08:00:00Z"`
	UpdatedAt   time.Time         `json:"updatedAt" example:"2026-10-09T08:00:00Z"`
}

type medium struct {
	ID        models.ID `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c13"`
	ProductID models.ID `json:"productId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c11"`
	URL       string    `json:"url" example:"https://images.example/serum.webp"`
	Kind      string    `json:"kind" enum:"image,video" example:"image"`
	Alt       string    `json:"alt,omitempty" example:"A bottle of serum"`
	SortOrder int       `json:"sortOrder" example:"0"`
	CreatedAt time.Time `json:"createdAt" example:"2026-10-09T08:00:00Z"`
	UpdatedAt time.Time `json:"updatedAt" example:"2026-10-09T08:00:00Z"`
}

// shelf is a category as programs read it.
type shelf struct {
	ID        models.ID  `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c12"`
	Name      string     `json:"name" example:"Hair care"`
	Slug      string     `json:"slug" example:"hair-care"`
	ParentID  *models.ID `json:"parentId,omitempty" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c14"`
	CreatedAt time.Time  `json:"createdAt" example:"2026-10-09T08:00:00Z"`
	UpdatedAt time.Time  `json:"updatedAt" example:"2026-10-09T08:00:00Z"`
}

// listProducts gives a page of what is sold.
func (s *Server) listProducts(c *fiber.Ctx, in *productsIn) (*productsOut, error) {
	q := shop.Query{
		Text: in.Text, Category: in.Category, Sort: shop.Sort(in.Sort), Desc: in.Order == "desc", Page: in.Page, Size: in.PageSize,
		Language: i18n.From(c.UserContext()).Language,
	}
	if in.MinPrice > 0 {
		q.MinMinor = &in.MinPrice
	}
	if in.MaxPrice < anyPrice {
		q.MaxMinor = &in.MaxPrice
	}
	list, err := s.Shop.Search(c.UserContext(), q)
	if err != nil {
		return nil, err
	}
	out := productList{Total: list.Total, Page: list.Page, PageSize: list.Size, Items: []product{}}
	for _, p := range list.Products {
		out.Items = append(out.Items, productIn(q.Language, p))
	}
	return &productsOut{out}, nil
}

type productByID struct {
	Speaking
	ID string `path:"id" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c11"`
}

type productOut struct {
	Body struct {
		OK      bool    `json:"ok" example:"true"`
		Product product `json:"product"`
	}
}

// oneProduct gives a product that is sold, with all its media; what is not one has not been found.
func (s *Server) oneProduct(c *fiber.Ctx, in *productByID) (*productOut, error) {
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, fault.NotFound("shop.product_not_found")
	}
	found, err := s.Shop.Product(c.UserContext(), id)
	if err != nil {
		return nil, err
	}
	out := &productOut{}
	out.Body.OK, out.Body.Product = true, productIn(i18n.From(c.UserContext()).Language, found)
	return out, nil
}

// productIn is a product in a language.
func productIn(lang models.Language, p models.Product) product {
	out := product{
		ID: p.ID, SKU: p.SKU, Name: p.Names.In(lang), Description: p.Descriptions.In(lang), Price: p.PriceMinor, Currency: p.Currency,
		Stock: p.Left(), IsActive: p.Active, Brand: p.Brand, CategoryID: p.CategoryID, Media: []medium{}, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
	if p.Category != nil {
		in := shelfIn(lang, *p.Category)
		out.Category = &in
	}
	for key, text := range p.Attributes {
		if out.Attributes == nil {
			out.Attributes = map[string]string{}
		}
		out.Attributes[key] = text.In(lang)
	}
	for _, m := range p.Media {
		out.Media = append(out.Media, medium{m.ID, m.ProductID, m.URL, string(m.Kind), m.Alt.In(lang), m.Position, m.CreatedAt, m.UpdatedAt})
	}
	return out
}

func shelfIn(lang models.Language, c models.ProductCategory) shelf {
	return shelf{c.ID, c.Names.In(lang), c.Slug, c.ParentID, c.CreatedAt, c.UpdatedAt}
}

type categoriesIn struct{ Speaking }

type categoriesOut struct {
	Body struct {
		OK         bool           `json:"ok" example:"true"`
		Categories []countedShelf `json:"categories" nullable:"false"`
	}
}

type countedShelf struct {
	shelf
	Parent *shelf      `json:"parent,omitempty"`
	Count  shelfCounts `json:"_count"`
}

type shelfCounts struct {
	Products int `json:"products" example:"12" doc:"Of those that are sold, its children's too"`
	Children int `json:"children" example:"2"`
}

// listCategories gives all categories, a parent before its children.
func (s *Server) listCategories(c *fiber.Ctx, _ *categoriesIn) (*categoriesOut, error) {
	all, err := s.Shop.Categories(c.UserContext())
	if err != nil {
		return nil, err
	}
	lang, out := i18n.From(c.UserContext()).Language, &categoriesOut{}
	out.Body.OK, out.Body.Categories = true, []countedShelf{}
	for _, found := range all {
		counted := countedShelf{shelf: shelfIn(lang, found.ProductCategory), Count: shelfCounts{found.Products, found.Children}}
		if found.Parent != nil {
			parent := shelfIn(lang, *found.Parent)
			counted.Parent = &parent
		}
		out.Body.Categories = append(out.Body.Categories, counted)
	}
	return out, nil
}
