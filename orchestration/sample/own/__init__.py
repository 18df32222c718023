"""The brand's own files (自有): what its finance and its operators write by hand or by ERP."""
