//! Derive macros for core-case: Form and Choice.
//!
//! `Form` takes a struct with named fields; the first line of each field's doc comment is its label, the second its help;
//! `#[form(max = 60)]` limits a text. `Choice` takes an enum without data; each variant needs `#[choice("01", "正常")]`.

use proc_macro::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Expr, ExprLit, Fields, Lit, Meta, parse_macro_input};

/// Makes a struct a form (表单).
#[proc_macro_derive(Form, attributes(form))]
pub fn form(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand_form(&input).unwrap_or_else(|e| e.to_compile_error()).into()
}

/// Makes an enum a closed list of codes with words (代码表).
#[proc_macro_derive(Choice, attributes(choice))]
pub fn choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand_choice(&input).unwrap_or_else(|e| e.to_compile_error()).into()
}

fn docs(attrs: &[syn::Attribute]) -> Vec<String> {
    attrs
        .iter()
        .filter_map(|a| match &a.meta {
            Meta::NameValue(nv) if nv.path.is_ident("doc") => match &nv.value {
                Expr::Lit(ExprLit { lit: Lit::Str(s), .. }) => Some(s.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

fn expand_form(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let name = &input.ident;
    let term = docs(&input.attrs).into_iter().next().unwrap_or_default();
    if term.is_empty() {
        return Err(syn::Error::new(name.span(), format!("`{name}` needs a doc comment whose first line is its Chinese term")));
    }
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new(name.span(), "a form is a struct with named fields"));
    };
    let named: Vec<&syn::Field> = match &data.fields {
        Fields::Named(named) => named.named.iter().collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => return Err(syn::Error::new(name.span(), "a form is a struct with named fields")),
    };
    let (mut consts, mut all, mut reads, mut idents, mut writes, mut by_line) = (vec![], vec![], vec![], vec![], vec![], vec![]);
    for field in named {
        let Some(ident) = field.ident.as_ref() else { continue };
        let ty = &field.ty;
        let doc = docs(&field.attrs);
        let Some(label) = doc.first().filter(|l| !l.is_empty()) else {
            return Err(syn::Error::new(
                ident.span(),
                format!("field `{ident}` needs a doc comment: first line its Chinese label, second line help"),
            ));
        };
        let help = doc.get(1).cloned().unwrap_or_default();
        let mut max: Option<syn::LitInt> = None;
        for attr in field.attrs.iter().filter(|a| a.path().is_ident("form")) {
            attr.parse_nested_meta(|meta| {
                if meta.path.is_ident("max") {
                    max = Some(meta.value()?.parse()?);
                    Ok(())
                } else {
                    Err(meta.error("known here: max = characters"))
                }
            })?;
        }
        let kind = match max {
            Some(n) => quote!(::core_case::form::Kind::Text(#n)),
            None => quote!(<#ty as ::core_case::form::FieldType>::KIND),
        };
        let text = ident.to_string();
        let constant = syn::Ident::new(&text.to_uppercase(), ident.span());
        consts.push(quote! {
            #[doc = #label]
            #[allow(dead_code, missing_docs)]
            pub const #constant: ::core_case::form::Field = ::core_case::form::Field {
                name: #text, label: #label, help: #help, kind: #kind,
                required: <#ty as ::core_case::form::FieldType>::REQUIRED,
            };
        });
        all.push(quote!(#name::#constant));
        reads.push(quote!(let #ident = reader.field::<#ty>(&#name::#constant);));
        idents.push(ident);
        by_line.push(quote! {
            if !::core_case::form::FieldType::write_lines(&self.#ident, &mut |line| each(#text, line)) {
                object.insert(#text.to_owned(), ::core_case::form::FieldType::write(&self.#ident));
            }
        });
        writes.push(quote!(object.insert(#text.to_owned(), ::core_case::form::FieldType::write(&self.#ident));));
    }
    Ok(quote! {
        impl #name { #(#consts)* }
        impl ::core_case::form::Form for #name {
            const TERM: &'static str = #term;
            const FIELDS: &'static [::core_case::form::Field] = &[#(#all),*];
            fn read(reader: &mut ::core_case::form::Reader<'_>) -> ::core::option::Option<Self> {
                reader.nothing_else(Self::FIELDS);
                #(#reads)*
                ::core::option::Option::Some(#name { #(#idents: #idents?),* })
            }
            fn write(&self) -> ::core_case::form::Value {
                #[allow(unused_mut)]
                let mut object = ::core_case::form::Map::new();
                #(#writes)*
                ::core_case::form::Value::Object(object)
            }
            #[allow(unused_variables)]
            fn write_lines(&self, each: &mut dyn FnMut(&'static str, ::core_case::form::Value)) -> ::core_case::form::Value {
                #[allow(unused_mut)]
                let mut object = ::core_case::form::Map::new();
                #(#by_line)*
                ::core_case::form::Value::Object(object)
            }
        }
    })
}

fn expand_choice(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        return Err(syn::Error::new(name.span(), "a choice is an enum without data"));
    };
    let (mut pairs, mut from, mut to) = (vec![], vec![], vec![]);
    for variant in &data.variants {
        let ident = &variant.ident;
        let Some(attr) = variant.attrs.iter().find(|a| a.path().is_ident("choice")) else {
            return Err(syn::Error::new(variant.span(), format!("`{ident}` needs #[choice(\"code\", \"词\")]")));
        };
        let pair = attr.parse_args_with(syn::punctuated::Punctuated::<syn::LitStr, syn::Token![,]>::parse_terminated)?;
        let (Some(code), Some(words)) = (pair.get(0), pair.get(1)) else {
            return Err(syn::Error::new(attr.span(), "#[choice(\"code\", \"词\")]"));
        };
        pairs.push(quote!((#code, #words)));
        from.push(quote!(#code | #words => ::core::option::Option::Some(#name::#ident)));
        to.push(quote!(#name::#ident => #code));
    }
    Ok(quote! {
        impl ::core_case::form::Choice for #name {
            const CHOICES: &'static [(&'static str, &'static str)] = &[#(#pairs),*];
            fn from_code(text: &str) -> ::core::option::Option<Self> {
                match text { #(#from,)* _ => ::core::option::Option::None }
            }
            fn code(self) -> &'static str {
                match self { #(#to),* }
            }
        }
        impl ::core_case::form::FieldType for #name {
            const KIND: ::core_case::form::Kind = ::core_case::form::Kind::Choice(<#name as ::core_case::form::Choice>::CHOICES);
            fn read(value: &::core_case::form::Value, at: &::core_case::form::Place<'_>, errors: &mut ::std::vec::Vec<::core_case::form::FieldError>) -> ::core::option::Option<Self> {
                ::core_case::form::read_choice(value, at, errors)
            }
            fn write(&self) -> ::core_case::form::Value {
                ::core_case::form::Value::String(::core_case::form::Choice::code(*self).to_owned())
            }
        }
    })
}
